"""kill -9 at any instant: what is published stays whole, the next run completes, no twins."""

import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.caldav_account import Account, run_account
from tests.support.kill_command import start

DAYS = ["0401", "0415", "0429", "0513", "0527", "0610"]
PEOPLE = ["ana", "rui", "eva", "tomas", "ines", "hugo"]
ROUNDS = 15
Tables = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(params=["radicale", "xandikos"])
def account(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Account]:
    with run_account(request.param, tmp_path) as one:
        for name in PEOPLE:
            one.add_card(f"{name.title()} Lima", f"{name}@example.org")
            for number, day in enumerate(DAYS):
                one.add_meeting(f"{name}-{number}", f"2026{day}T120000", f"{name}@example.org")
        yield one


def syncing(account: Account, as_of: str) -> list[str]:
    return ["--config", str(account.config), "--as-of", as_of, "sync"]


def start_sync(account: Account, as_of: str) -> "subprocess.Popen[bytes]":
    return start(["pipeline.cli", *syncing(account, as_of)])


def published_tables(account: Account) -> Tables:
    """Every table of main but freshness; none before the first publication."""
    if not account.published.exists():
        return {}
    names = account.query(
        "select table_name from duckdb_tables() where schema_name = 'main'"
        " and table_name not in ('freshness', 'problems') order by 1"
    )
    return {name: account.query(f'select * from main."{name}" order by all') for (name,) in names}


def differing(one: Tables, other: Tables) -> list[str]:
    """The names of the tables that are not the same in both."""
    return [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]


def uids(account: Account) -> Counter[str]:
    found = [
        line.removeprefix("UID:").strip()
        for body in account.tasks().values()
        for line in body.splitlines()
        if line.startswith("UID:")
    ]
    return Counter(found)


def open_titles(account: Account) -> Counter[str]:
    found = [
        next(line for line in body.splitlines() if line.startswith("SUMMARY:"))
        for body in account.tasks().values()
        if "STATUS:COMPLETED" not in body
    ]
    return Counter(found)


def assert_no_twins(account: Account) -> None:
    assert max(uids(account).values(), default=1) == 1
    assert max(open_titles(account).values(), default=1) == 1


def hear_of_somebody(account: Account, number: int) -> None:
    """News for a sync: a card, and meetings with two of those who are due.

    Five of the six have a task, and nobody knows which: so at least one of the two has.
    """
    account.add_card(f"Newcomer{number} Reis", f"newcomer{number}@example.org")
    for one in (number, number + 3):
        account.add_meeting(
            f"n{number}-{one}", f"202608{number + 10}T120000", f"{PEOPLE[one % 6]}@example.org"
        )


def assert_is_whole(account: Account, before: Tables, as_of: str) -> None:
    """After a kill all tables are as before it or as after the next sync, which completes."""
    at_the_kill = published_tables(account)
    account.must("sync", as_of=as_of)
    after = published_tables(account)
    assert [] in (differing(at_the_kill, before), differing(at_the_kill, after)), as_of
    assert_no_twins(account)
    assert account.query(
        "select count(*) from raw.task_links where intends_action is not null"
    ) == [(0,)]


INSTANTS = [
    ("pipeline.sync.load:CollectionWriter.save_cursor", 2),  # one collection is in, the next is not
    ("pipeline.book.sqlgraph:create", 60),  # half of the tables are made
    ("pipeline.sync.push:Carrying._record", 1),  # a task is written and not yet known as written
    ("pipeline.book.store:_keep_published", 1),  # all is made; the file is not swapped
    ("connectors.file_modes_and_fsync:sync_folder", 1),  # it is swapped; the folder is not synced
]


@pytest.mark.parametrize("account", ["radicale"], indirect=True)
def test_a_kill_at_each_step_leaves_the_book_whole(account: Account) -> None:
    account.must("sync")
    for number, (place, times) in enumerate(INSTANTS):
        as_of = f"2026-09-{number + 2:02}"
        hear_of_somebody(account, number)
        before = published_tables(account)
        killed = start(["tests.support.kill_command", place, str(times), *syncing(account, as_of)])
        assert killed.wait() == -9, place
        assert_is_whole(account, before, as_of)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_kill_at_any_instant_leaves_the_book_whole(account: Account) -> None:
    began = time.monotonic()
    first = start_sync(account, "2026-09-01")
    assert first.wait() == 0
    duration = time.monotonic() - began
    instants = random.Random(20260901)
    interrupted = 0
    for number in range(2 * ROUNDS - 4):  # a day each in September
        if number >= ROUNDS and interrupted >= ROUNDS // 3:
            break
        as_of = f"2026-09-{number + 2:02}"
        hear_of_somebody(account, number)
        before = published_tables(account)
        run = start_sync(account, as_of)
        time.sleep(instants.uniform(0.1, 1.0) * duration)
        run.kill()
        was_interrupted = run.wait() != 0
        interrupted += was_interrupted
        # Later syncs are shorter than the first: an instant after the end says nothing.
        duration *= 1.0 if was_interrupted else 0.8
        assert_is_whole(account, before, as_of)
    assert interrupted >= ROUNDS // 3


@pytest.mark.parametrize("account", ["xandikos"], indirect=True)
def test_a_kill_between_the_write_and_its_record_makes_no_twin(account: Account) -> None:
    run = start_sync(account, "2026-09-01")
    account.proxy.before["PUT"] = run.kill
    assert run.wait() == -9
    account.proxy.before.clear()
    deadline = time.monotonic() + 500
    while not account.tasks() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(account.tasks()) == 1
    account.must("sync")
    assert len(account.tasks()) == 5
    assert_no_twins(account)
    links = account.query(
        "select count(*), count(wrote_at), count(intends_action) from raw.task_links"
    )
    assert links == [(5, 5, 0)]


def test_a_lost_answer_makes_no_twin(account: Account) -> None:
    # The server has stored each task and says 502: it is looked for and not sent again.
    account.proxy.status_instead[201] = 502
    account.must("sync")
    assert account.proxy.count("PUT") == 5
    account.proxy.reset()
    account.must("sync")
    assert_no_twins(account)
    assert len(account.tasks()) == 5
