"""Only what a source says is gone is gone: what a bent server leaves out is asked for again."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.dav.client import DavPatience
from tests.contract.connector_contract import Fault
from tests.support.caldav_account import Account, run_account
from tests.support.dav_drivers import card
from tests.support.faulty_dav_server import Bendable

OMITTED = "left out of the server's answer"


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with run_account("bendable", tmp_path) as one:
        yield one


@pytest.fixture
def bendable(account: Account) -> Bendable:
    assert isinstance(account.server, Bendable)
    return account.server


def lunches(account: Account, *numbers: int) -> None:
    for number in numbers:
        day = f"2026{1 + number // 28:02}{1 + number % 28:02}"
        account.add_meeting(
            f"m{number}", f"{day}T120000", "ana@example.org", title=f"Lunch {number}"
        )


def titles(account: Account) -> list[str]:
    rows = state(account, "select summary from raw.meetings where gone_at is null order by summary")
    return [title for (title,) in rows]


def state(account: Account, sql: str) -> list[tuple[Any, ...]]:
    """Rows of the state file: what a pull brought in stands there, and costs no build."""
    with duckdb.connect(str(account.folder / "book" / "state.duckdb"), read_only=True) as book:
        return book.execute(sql).fetchall()


def path(account: Account, number: int) -> str:
    return f"{account.calendar}m{number}.ics"


HEALED = [
    "omit_some",
    "cap_multiget_20",
    "multiget_507",
    "multiget_500",
    "other_base_path",
    "quote_hrefs",
    "repeat_hrefs",
    "data_404",
    "data_empty",
]


@pytest.mark.parametrize("quirk", HEALED)
def test_what_a_multiget_leaves_out_comes_in_all_the_same(
    account: Account, bendable: Bendable, quirk: str
) -> None:
    lunches(account, *range(45))
    bendable.bend(quirk, *([path(account, 7)] if quirk in {"omit_some", "multiget_500"} else []))
    account.must("pull")
    assert len(titles(account)) == 45
    lunches(account, 45)
    account.add_meeting("m3", "20260104T120000", "ana@example.org", title="Edited")
    account.must("pull", as_of="2026-09-02")
    assert len(titles(account)) == 46
    assert "Edited" in titles(account)


def test_a_cap_costs_a_request_for_each_twenty(account: Account, bendable: Bendable) -> None:
    lunches(account, *range(60))
    bendable.bend("cap_multiget_20")
    account.must("pull")
    assert len(titles(account)) == 60
    assert bendable.count("GET") == 0
    asked = [one.path for one in bendable.seen if b"multiget" in one.body]
    assert asked.count(account.calendar) == 3


@pytest.mark.parametrize(
    ("quirk", "words"),
    [
        ("omit_always", "the server answered 503"),
        ("item_503", "the server answered 503"),
        ("item_500", "the server answered 500"),
        ("item_429", "the server answered 429"),
        ("item_423", "locked on the server"),
        ("item_html", "the server answered with a web page"),
    ],
)
def test_a_passing_error_leaves_an_item_open_and_the_next_run_has_it(
    account: Account, bendable: Bendable, quirk: str, words: str
) -> None:
    lunches(account, 1, 2)
    account.must("pull")
    lunches(account, 4)
    account.add_meeting("m2", "20260103T120000", "ana@example.org", title="Edited")
    bendable.bend(quirk, path(account, 4), path(account, 2))
    said = account.run("pull", as_of="2026-09-02")
    assert said.code == 6
    assert f"home: 2 items of Meetings could not be read: {words}" in said.err
    assert path(account, 4) in said.err
    assert "The next sync asks again" in said.err
    assert titles(account) == ["Lunch 1", "Lunch 2"]
    bendable.straighten()
    account.must("pull", as_of="2026-09-03")
    assert titles(account) == ["Edited", "Lunch 1", "Lunch 4"]
    assert state(account, "select count(*) from raw.open_items") == [(0,)]


def test_a_first_pull_with_something_open_is_not_complete(
    account: Account, bendable: Bendable
) -> None:
    lunches(account, 1, 2)
    bendable.bend("item_503", path(account, 2))
    assert account.run("pull").code == 6
    assert titles(account) == ["Lunch 1"]
    cursors = "select cursor, pulled_at, first_complete_at from raw.cursors where collection = '{}'"
    assert state(account, cursors.format(account.calendar)) == [(None, None, None)]
    account.must("build")
    assert account.query("select is_stale from freshness where collection_name = 'Meetings'") == [
        (True,)
    ]
    bendable.straighten()
    account.must("pull", as_of="2026-09-02")
    assert titles(account) == ["Lunch 1", "Lunch 2"]


def test_open_for_three_runs_and_three_days_is_a_reject_told_once(
    account: Account, bendable: Bendable
) -> None:
    lunches(account, 1, 2)
    account.must("pull")
    account.add_meeting("m2", "20260103T120000", "ana@example.org", title="Edited")
    bendable.bend("item_503", path(account, 2))
    for day in ("01", "01", "01", "02", "03"):
        said = account.run("pull", as_of=f"2026-09-{day}")
        assert (said.code, titles(account)) == (6, ["Lunch 1", "Lunch 2"]), day
    said = account.run("pull", as_of="2026-09-04")
    assert said.code == 0, said.err
    assert "1 could not be read (kithbook rejects)" in said.err
    account.must("build", as_of="2026-09-04")
    rejects = account.must("rejects", as_of="2026-09-04").out
    assert "the server answered 503, in 6 runs since 2026-09-01" in rejects
    said = account.must("pull", as_of="2026-09-05")
    assert "Nothing changed" in said.err
    assert titles(account) == ["Lunch 1", "Lunch 2"]
    # The cursor has moved on: other changes come in, and only a full listing asks for this one.
    lunches(account, 3)
    account.must("pull", as_of="2026-09-06")
    assert "Lunch 3" in titles(account)
    said = account.must("pull", as_of="2026-09-14")
    assert "could not be read" not in said.err
    assert state(account, "select count(*) from raw.rejects") == [(1,)]
    bendable.straighten()
    account.must("pull", as_of="2026-09-22")
    assert titles(account) == ["Edited", "Lunch 1", "Lunch 3"]
    assert state(account, "select count(*) from raw.rejects") == [(0,)]


def test_status_lists_what_is_open(account: Account, bendable: Bendable) -> None:
    lunches(account, 1, 2)
    bendable.bend("item_423", path(account, 2))
    assert account.run("pull").code == 6
    account.must("build")
    said = account.must("status").out
    assert "Open: 1 item could not be read yet; each sync asks again." in said
    assert f"home, Meetings: {path(account, 2)}, locked on the server, since 2026-09-01" in said
    (row,) = json.loads(account.must("status", "--json").out)["open_items"]
    assert (row["href"], row["why"], row["runs"]) == (path(account, 2), "locked on the server", 1)
    for day in ("02", "03", "04"):
        account.run("pull", as_of=f"2026-09-{day}")
    account.must("build", as_of="2026-09-04")
    said = account.must("status", as_of="2026-09-04").out
    assert "Open:" not in said
    assert "1 item given up after three days; asked for again once a week." in said


def test_of_somebody_forgotten_nothing_is_open(account: Account, bendable: Bendable) -> None:
    account.add_card("Ana Lima", "ana@example.org")
    account.must("sync")
    account.add_card("Ana Lima Reis", "ana@example.org")
    bendable.bend("item_503", f"{account.book}ana.vcf")
    assert account.run("pull", as_of="2026-09-02").code == 6
    assert state(account, "select count(*) from raw.open_items") == [(1,)]
    account.must("forget", "ana", "--yes", as_of="2026-09-02")
    assert state(account, "select count(*) from raw.open_items") == [(0,)]


def test_another_reason_begins_another_three_days(account: Account, bendable: Bendable) -> None:
    lunches(account, 1, 2)
    account.must("pull")
    account.add_meeting("m2", "20260103T120000", "ana@example.org", title="Edited")
    bendable.bend("item_503", path(account, 2))
    for day in ("01", "02", "03"):
        assert account.run("pull", as_of=f"2026-09-{day}").code == 6
    bendable.straighten()
    bendable.delete(path(account, 2))
    account.must("pull", as_of="2026-09-04")
    assert titles(account) == ["Lunch 1"]
    assert state(account, "select count(*) from raw.open_items") == [(0,)]


# --- what is not listed any more ------------------------------------------------------------


def test_what_a_listing_leaves_out_is_asked_for_and_stays(
    account: Account, bendable: Bendable
) -> None:
    lunches(account, 1, 2)
    account.must("pull")
    bendable.bend("list_omits", path(account, 2))
    account.must("pull", as_of="2026-09-20")
    assert titles(account) == ["Lunch 1", "Lunch 2"]
    bendable.bend("item_503", path(account, 2))
    said = account.run("pull", as_of="2026-10-20")
    assert said.code == 6
    assert titles(account) == ["Lunch 1", "Lunch 2"]
    bendable.straighten()
    bendable.forget(path(account, 2))
    account.must("pull", as_of="2026-10-21")
    assert titles(account) == ["Lunch 1"]


def test_more_than_fifty_go_when_the_next_list_does_not_name_them_either(
    account: Account, bendable: Bendable
) -> None:
    lunches(account, *range(130))
    account.must("pull")
    bendable.bend("list_omits", *(path(account, number) for number in range(60)))
    said = account.run("pull", as_of="2026-09-20")
    assert said.code == 6
    assert "60 items of Meetings are not in the server's list any more" in said.err
    assert "the next sync" in said.err
    assert len(titles(account)) == 130
    assert bendable.count("GET") == 0
    bendable.bend("list_omits", *(path(account, number) for number in range(59)))
    said = account.must("pull", as_of="2026-09-21")
    assert "59 gone" in said.err
    assert len(titles(account)) == 71


def test_allow_empty_believes_the_list_at_once(account: Account, bendable: Bendable) -> None:
    lunches(account, *range(80))
    account.must("pull")
    for number in range(60):
        bendable.forget(path(account, number))
    said = account.run("pull", as_of="2026-09-20")
    assert said.code != 0
    assert "--allow-empty" in said.err
    assert len(titles(account)) == 80
    account.must("pull", "--allow-empty", as_of="2026-09-20")
    assert len(titles(account)) == 20


def test_a_task_that_the_list_leaves_out_is_not_dismissed(
    account: Account, bendable: Bendable
) -> None:
    account.add_card("Ana Lima", "ana@example.org")
    for number, day in enumerate(["0401", "0415", "0429", "0513", "0527", "0610"]):
        account.add_meeting(f"lunch-{number}", f"2026{day}T120000", "ana@example.org")
    bendable.bend("no_ctag")
    bendable.bend("no_sync")  # so that the list is read in full each time
    account.must("sync")
    ((task, _),) = account.tasks().items()
    closed = "select close_reason from raw.task_links"
    bendable.bend("list_omits", task)
    account.must("sync", as_of="2026-09-02")
    assert account.query(closed) == [(None,)]
    bendable.bend("item_503", task)
    assert account.run("sync", as_of="2026-09-03").code == 6
    assert account.query(closed) == [(None,)]
    assert bendable.get(task)
    bendable.straighten("list_omits", "item_503")
    account.must("sync", as_of="2026-09-04")
    assert account.query(closed) == [(None,)]
    bendable.forget(task)
    account.must("sync", as_of="2026-09-05")
    assert account.query(closed) == [("dismissed",)]


def test_a_write_that_was_given_up_and_happens_late_is_found_by_the_next_run(
    account: Account, bendable: Bendable, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.add_card("Ana Lima", "ana@example.org")
    for number, day in enumerate(["0401", "0415", "0429", "0513", "0527", "0610"]):
        account.add_meeting(f"lunch-{number}", f"2026{day}T120000", "ana@example.org")
    account.proxy.fault_for = {"PUT": Fault(delay_seconds=2.0, times=1)}
    with monkeypatch.context() as patched:
        patched.setattr(
            "connectors.dav.source.DavPatience", lambda: DavPatience(timeout_seconds=0.5)
        )
        assert account.run("sync").code == 6
    intends = "select intends_action, wrote_at is not null from raw.task_links"
    assert state(account, intends) == [("create", False)]
    deadline = time.monotonic() + 30
    while not account.tasks() and time.monotonic() < deadline:
        time.sleep(0.05)
    account.must("sync", as_of="2026-09-02")
    assert state(account, intends) == [(None, True)]
    assert len(account.tasks()) == 1
    account.must("sync", as_of="2026-09-03")
    assert bendable.count("PUT") == 1


def test_a_busy_server_is_told_as_busy_until_then_and_asked_no_more(
    account: Account, bendable: Bendable
) -> None:
    lunches(account, 1)
    account.add_card("Ana Lima", "ana@example.org")
    (account.folder / "cards").mkdir()
    (account.folder / "cards" / "rui.vcf").write_bytes(card("rui", "Rui Costa"))
    with account.config.open("a") as config:
        config.write('[source.folder]\ntype = "vcard"\npath = "cards"\n')
    account.must("pull")
    lunches(account, 2)
    bendable.bend("retry_after_3600")
    bendable.seen.clear()
    said = account.run("pull", as_of="2026-09-02")
    assert said.code == 6
    assert "is busy for another 60 minutes (it answers" in said.err
    assert bendable.count() == 1
    assert titles(account) == ["Lunch 1"]


# --- tags ---------------------------------------------------------------------------------


def test_a_second_change_within_a_second_is_seen_at_the_further_look(
    account: Account, bendable: Bendable
) -> None:
    bendable.stop_clock()
    bendable.bend("ctag_whole_seconds")
    lunches(account, 1)
    account.must("pull")
    lunches(account, 2)  # within the same second: the ctag is as it was
    account.must("pull")
    assert titles(account) == ["Lunch 1", "Lunch 2"]
    lunches(account, 3)
    bendable.delete(path(account, 1))
    bendable.pass_seconds(2)
    account.must("pull")
    assert titles(account) == ["Lunch 2", "Lunch 3"]


def test_a_tag_that_was_looked_at_again_later_costs_no_more_requests(
    account: Account, bendable: Bendable
) -> None:
    bendable.stop_clock()
    lunches(account, 1, 2)
    account.must("pull")
    first = bendable.count()
    for _ in range(2):  # the tags of the calendar, the book and the task list
        bendable.pass_seconds(86400)
        account.must("pull")
    bendable.seen.clear()
    account.must("pull")
    assert bendable.count() <= 4 < first


def test_a_server_without_a_date_is_looked_at_each_time(
    account: Account, bendable: Bendable
) -> None:
    bendable.bend("no_date")
    bendable.bend("ctag_whole_seconds")
    bendable.stop_clock()
    lunches(account, 1)
    for number in (2, 3, 4):
        account.must("pull")
        lunches(account, number)
    account.must("pull")
    assert len(titles(account)) == 4


@pytest.mark.parametrize("quirk", ["etag_missing", "etag_unsteady", "weak_etags"])
def test_equal_bodies_are_no_change(account: Account, bendable: Bendable, quirk: str) -> None:
    bendable.bend(quirk)
    bendable.bend("no_ctag")
    lunches(account, 1, 2, 3)
    account.add_card("Ana Lima", "ana@example.org")
    account.must("pull")
    versions = state(account, "select count(*) from raw.items")
    said = account.must("pull", as_of="2026-09-02")
    assert "Nothing changed." in said.err
    assert "new or changed" not in said.err
    assert state(account, "select count(*) from raw.items") == versions
    account.add_meeting("m2", "20260103T120000", "ana@example.org", title="Edited")
    said = account.must("pull", as_of="2026-09-03")
    assert "1 event new or changed" in said.err
    assert "Edited" in titles(account)
