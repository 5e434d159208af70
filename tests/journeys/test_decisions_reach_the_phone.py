"""The user's hand with an account behind it: what is said shows in the list on the phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.caldav_account import Account, run_account
from tests.support.demo_commands import bytes_hold

UID = "5f0c7a52-1d5e-4d2c-9a53-8c4f0f5be111"


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    """Ana is due: lunch every other week until June, and now it is September."""
    with run_account("radicale", tmp_path) as one:
        one.server.put(
            f"{one.book}{UID}.vcf",
            (
                f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{UID}\r\nFN:Ana Lima\r\nN:Lima;Ana;;;\r\n"
                "EMAIL:ana@example.org\r\nEND:VCARD\r\n"
            ).encode(),
        )
        for number, day in enumerate(["0401", "0415", "0429", "0513", "0527", "0610"]):
            one.add_meeting(f"lunch-{number}", f"2026{day}T120000", "ana@example.org")
        one.must("sync")
        yield one


def task(account: Account) -> str:
    ((_, body),) = account.tasks().items()
    return body


def test_a_logged_call_ticks_the_task(account: Account) -> None:
    account.must("log", "ana", as_of="2026-09-02")
    account.must("sync", as_of="2026-09-02")
    assert "STATUS:COMPLETED" in task(account)


def test_a_snooze_moves_the_task_and_leaves_the_due_list(account: Account) -> None:
    account.must("snooze", "ana", "3", "weeks", as_of="2026-09-02")
    account.must("sync", as_of="2026-09-02")
    assert "20260923" in task(account)
    assert "you are fine" in account.must("due", as_of="2026-09-02").out
    account.must("sync", as_of="2026-09-24")
    assert "Ana Lima" in account.must("due", as_of="2026-09-24").out


def test_mute_withdraws_the_task_and_undo_lets_it_come_again(account: Account) -> None:
    account.must("mute", "ana")
    account.must("sync")
    assert account.tasks() == {}
    account.must("undo")
    account.must("sync", as_of="2026-09-02")
    assert "SUMMARY:Ana Lima" in task(account)


def test_a_pause_withdraws_and_its_end_brings_no_flood(account: Account) -> None:
    account.must("pause", "3", "weeks")
    account.must("sync")
    assert account.tasks() == {}
    account.must("pause", "off")
    account.must("sync", as_of="2026-09-02")
    assert len(account.tasks()) == 1


def test_who_is_forgotten_leaves_the_list_and_is_not_fetched_again(account: Account) -> None:
    said = account.must("forget", "ana", "--yes")
    assert "goes with the next sync" in said.err
    account.must("sync")
    assert account.tasks() == {}
    # Ten days on every listing is compared by etag: what did not change is not asked for.
    account.must("sync", as_of="2026-09-12")
    assert account.query("select count(*) from people where not is_owner") == [(0,)]
    for name in ("state.duckdb", "decisions.jsonl"):
        assert not bytes_hold(account.folder / "book" / name, "ana@example.org"), name
        assert not bytes_hold(account.folder / "book" / name, "Ana Lima"), name
    # Changed there, the card comes in again and is at rest.
    account.server.put(
        f"{account.book}{UID}.vcf",
        (
            f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{UID}\r\nFN:Ana Lima\r\nN:Lima;Ana;;;\r\n"
            "EMAIL:ana@example.org\r\nNOTE:moved\r\nEND:VCARD\r\n"
        ).encode(),
    )
    account.must("sync", as_of="2026-09-13")
    assert account.query("select count(*) from people where not is_owner") == [(0,)]
    assert account.tasks() == {}


def test_doctor_tries_the_account_and_writes_nothing(account: Account) -> None:
    account.proxy.reset()
    said = account.must("doctor")
    assert "source home: answers: 3 collections with contacts, events, tasks." in said.out
    assert "task list Follow-ups: is there and takes tasks." in said.out
    assert not account.proxy.count("PUT", "DELETE", "MKCALENDAR", "MKCOL", "PROPPATCH", "POST")


def test_doctor_says_how_to_log_in_and_where_nobody_answers(account: Account) -> None:
    text = account.config.read_text("utf-8")
    account.config.write_text(text.replace('["echo", ', '["echo", "-n", "not", '), "utf-8")
    said = account.run("doctor")
    assert said.code == 3
    assert "wrong source home" in " ".join(said.out.split())
    account.config.write_text(text.replace(account.proxy.url, "http://127.0.0.1:9"), "utf-8")
    assert account.run("doctor").code == 4
