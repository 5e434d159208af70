"""DESIGN section 2 as a story: a card and meetings on a server become a task there, and back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.caldav_account import Account, run_account

WRITES = {"PUT", "DELETE", "MKCALENDAR", "MKCOL", "PROPPATCH", "POST", "MOVE", "COPY"}


@pytest.fixture(params=["radicale", "xandikos"])
def account(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Account]:
    with run_account(request.param, tmp_path) as one:
        yield one


one_server = pytest.mark.parametrize("account", ["radicale"], indirect=True)
"""What servers do otherwise is seen by the contract, and by `make soak` on both of them."""


def test_a_card_and_meetings_become_a_task_and_its_tick_becomes_contact(account: Account) -> None:
    # Ana is in the address book, and we used to have lunch every other week, until June.
    account.add_card("Ana Lima", "ana@example.org")
    for number, day in enumerate(["0401", "0415", "0429", "0513", "0527", "0610"]):
        account.add_meeting(f"lunch-{number}", f"2026{day}T120000", "ana@example.org")

    # On the first of September the first sync finds that she is due, and writes one task.
    said = account.must("sync")
    assert "Tasks in Follow-ups: 1 new" in said.err
    due = account.must("due").out
    assert "Ana Lima" in due
    assert "Last seen 10 June" in due
    ((path, body),) = account.tasks().items()
    assert "SUMMARY:Ana Lima" in body
    assert "UID:kithbook-" in body
    assert "ATTENDEE" not in body
    assert "ORGANIZER" not in body

    # The next night nothing has changed, and nothing is written.
    account.proxy.reset()
    assert "Nothing changed" in account.must("sync").err
    assert not account.proxy.count(*WRITES)

    # On the third she calls Ana and ticks the task on the phone.
    account.tick(path, "20260903")
    said = account.must("sync", as_of="2026-09-04")

    # The next sync knows the contact and closes the cycle: nobody is due, nothing is written anew.
    assert account.query("select display_name, last_contact_date::varchar from last_contacts") == [
        ("Ana Lima", "2026-09-03")
    ]
    assert "you are fine" in account.must("due", as_of="2026-09-04").out
    assert account.query("select count(*) from follow_ups where is_open or opens_now") == [(0,)]
    ((same_path, _),) = account.tasks().items()
    assert same_path == path
    closed = account.query("select close_reason from raw.task_links")
    assert closed == [("ticked",)]

    # And weeks later, with nothing in the calendar since, a new cycle opens a second task.
    account.must("sync", as_of="2026-11-20")
    assert len(account.tasks()) == 2


@one_server
def test_a_meeting_ticks_the_task_with_a_line_that_says_why(account: Account) -> None:
    account.add_card("Ana Lima", "ana@example.org")
    for number, day in enumerate(["0401", "0415", "0429", "0513", "0527", "0610"]):
        account.add_meeting(f"lunch-{number}", f"2026{day}T120000", "ana@example.org")
    account.must("sync")
    account.add_meeting("again", "20260902T120000", "ana@example.org")
    account.must("sync", as_of="2026-09-03")
    ((_, body),) = account.tasks().items()
    assert "STATUS:COMPLETED" in body
    assert account.query("select close_reason from raw.task_links") == [("met",)]


@one_server
def test_what_the_user_changed_stays(account: Account) -> None:
    account.add_card("Ana Lima", "ana@example.org")
    for number, day in enumerate(["0401", "0415", "0429", "0513", "0527", "0610"]):
        account.add_meeting(f"lunch-{number}", f"2026{day}T120000", "ana@example.org")
    account.must("sync")
    ((path, _),) = account.tasks().items()
    account.change_task(
        path,
        ("SUMMARY:Ana Lima", "SUMMARY:Ring Ana about the boat"),
        (r"DUE[^\r]*", "DUE;VALUE=DATE:20260920"),
    )
    for day in ("2026-09-02", "2026-09-10"):
        account.must("sync", as_of=day)
    ((_, body),) = account.tasks().items()
    assert "SUMMARY:Ring Ana about the boat" in body
    assert "20260920" in body


@one_server
def test_two_syncs_at_the_same_moment_give_the_same_tables(account: Account) -> None:
    account.add_card("Ana Lima", "ana@example.org")
    account.add_card("Rui Costa", "rui@example.org")
    for number, day in enumerate(["0401", "0415", "0429", "0513", "0527", "0610"]):
        account.add_meeting(f"l{number}", f"2026{day}T120000", "ana@example.org", "rui@example.org")
    account.must("sync")
    account.must("sync")
    tables = [
        row[0]
        for row in account.query(
            "select table_name from duckdb_tables() where schema_name = 'main' order by 1"
        )
    ]
    assert "people" in tables
    assert "ties" in tables
    before = {name: account.query(f'select * from main."{name}" order by all') for name in tables}
    account.proxy.reset()
    account.must("sync")
    after = {name: account.query(f'select * from main."{name}" order by all') for name in tables}
    assert not account.proxy.count(*WRITES)
    changed = [name for name in tables if before[name] != after[name]]
    assert set(changed) <= {"freshness", "runs", "settings"}
