"""What an interrupted run intended: what it had done counts as done, the rest is done again."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import pytest

from pipeline.book import state_file
from pipeline.book.folder import Folder
from pipeline.sync import push_recovery

NOW = datetime(2026, 9, 22, 6, tzinfo=UTC)
DAY = date(2026, 9, 1)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A task "Ana" with no notes, as we wrote it."""
    with state_file.open_state(Folder(tmp_path)) as connection:
        connection.execute(
            "insert into raw.task_links by name select 'kithbook-1' as uid, 'e1' as etag,"
            " 'h' as source, '/list/' as collection, 'Ana' as wrote_title, '' as wrote_notes,"
            " $1 as wrote_due_date,"
            " 'needs-action' as wrote_status, $2 as wrote_at",
            [DAY, NOW],
        )
        yield connection


def intend(state: duckdb.DuckDBPyConnection, action: str, reason: str, **fields: Any) -> None:
    wanted = {"title": "Ana", "notes": "", "due_date": DAY, "status": "needs-action"} | fields
    columns = {"action": action, "reason": reason, **wanted}
    sets = ", ".join(f"intends_{name} = ?" for name in columns)
    state.execute(f"update raw.task_links set {sets}", list(columns.values()))


def stands(
    state: duckdb.DuckDBPyConnection, etag: str, place: Any = MappingProxyType({}), **fields: Any
) -> None:
    task = {"title": "Ana", "notes": "", "due_date": DAY, "status": "needs-action"} | fields
    place = {"source": "h", "collection": "/list/", "href": "1.ics"} | place
    row = {"uid": "kithbook-1", "etag": etag} | place | task
    names = ", ".join(f"? as {name}" for name in row)
    state.execute(f"insert into raw.tasks by name select {names}", list(row.values()))


def link(state: duckdb.DuckDBPyConnection, columns: str) -> Any:
    assert push_recovery.reconcile(state, NOW) == 1
    assert push_recovery.reconcile(state, NOW) == 0
    return state.execute(f"select {columns} from raw.task_links").fetchone()


def test_a_change_that_was_sent_is_ours(state: duckdb.DuckDBPyConnection) -> None:
    intend(state, "update", "changed", title="Ana Lima")
    stands(state, "e2", title="Ana Lima")
    assert link(state, "wrote_title, etag") == ("Ana Lima", "e2")


def test_a_change_that_was_never_sent_is_not_taken_for_ours(
    state: duckdb.DuckDBPyConnection,
) -> None:
    # The user edited the notes meanwhile: the title there is still the old one, and still ours.
    intend(state, "update", "changed", title="Ana Lima")
    stands(state, "e2", notes="her garden")
    assert link(state, "wrote_title, wrote_notes") == ("Ana", "")


def test_what_was_given_up_as_never_written_and_stands_there_goes_on(
    state: duckdb.DuckDBPyConnection,
) -> None:
    state.execute("update raw.task_links set closed_at = $1, close_reason = 'never_written'", [NOW])
    push_recovery.reconcile(state, NOW)
    closed = "select close_reason from raw.task_links"
    assert state.execute(closed).fetchone() == ("never_written",)
    stands(state, "e2")
    push_recovery.reconcile(state, NOW)
    assert state.execute(closed).fetchone() == (None,)


def test_a_tick_that_was_never_sent_closes_nothing(state: duckdb.DuckDBPyConnection) -> None:
    intend(state, "tick", "met", status="completed")
    stands(state, "e2", notes="her garden")
    assert link(state, "wrote_status, close_reason") == ("needs-action", None)


def test_a_tick_that_was_sent_closes_the_cycle(state: duckdb.DuckDBPyConnection) -> None:
    intend(state, "tick", "met", status="completed")
    stands(state, "e2", status="completed")
    assert link(state, "wrote_status, close_reason") == ("completed", "met")


def test_an_expiry_is_one_whoever_notes_it_down(state: duckdb.DuckDBPyConnection) -> None:
    intend(state, "withdraw", "expired")
    assert link(state, "close_reason, closed_at is not null") == ("expired", True)


def test_a_withdrawal_that_was_never_sent_leaves_the_cycle_open(
    state: duckdb.DuckDBPyConnection,
) -> None:
    intend(state, "withdraw", "expired")
    stands(state, "e1")
    assert link(state, "close_reason") == (None,)


def test_a_task_in_another_list_is_not_withdrawn_yet_and_its_words_are_heard(
    state: duckdb.DuckDBPyConnection,
) -> None:
    stands(state, "e1", {"gone_at": NOW, "item_id": 1})
    stands(state, "e2", {"collection": "/home/", "item_id": 2}, notes="in touch")
    intend(state, "withdraw", "resting")
    assert link(state, "close_reason") == (None,)
    assert heard(state, 22) == ("in touch", date(2026, 9, 22))


def heard(state: duckdb.DuckDBPyConnection, day: int) -> Any:
    push_recovery.read_task_words(state, NOW.replace(day=day))
    row = state.execute("select heard, timezone('UTC', heard_at)::date from raw.task_links")
    return row.fetchone()


def test_a_word_in_a_task_was_said_when_it_was_first_seen_there(
    state: duckdb.DuckDBPyConnection,
) -> None:
    stands(state, "e1", notes="ana@example.org\r\nNever\nask her sister")
    assert heard(state, 22) == ("never", date(2026, 9, 22))
    state.execute("update raw.tasks set title = 'Ana!'")
    assert heard(state, 23) == ("never", date(2026, 9, 22))
    state.execute("update raw.tasks set notes = 'every 2 weeks'")
    assert heard(state, 24) == ("every 2 weeks", date(2026, 9, 24))
    state.execute("update raw.tasks set notes = 'never mind'")
    assert heard(state, 25) == (None, None)


def test_a_task_without_its_mark_is_known_by_its_place(state: duckdb.DuckDBPyConnection) -> None:
    state.execute("update raw.task_links set source = 'g', collection = 'l', href = 't1'")
    for uid, collection in (("t1", "l"), ("t1", "other"), ("t2", "l")):
        state.execute(
            "insert into raw.tasks by name select 'g' as source, $2 as collection, $1 as href,"
            " $1 as uid",
            [uid, collection],
        )
    push_recovery.restore_uids(state)
    rows = state.execute("select collection, uid from raw.tasks order by all").fetchall()
    assert rows == [("l", "kithbook-1"), ("l", "t2"), ("other", "t1")]


def test_another_item_in_the_place_of_our_task_is_not_ours(
    state: duckdb.DuckDBPyConnection,
) -> None:
    state.execute("update raw.task_links set source = 'h', collection = 'l', href = '/l/1.ics'")
    state.execute(
        "insert into raw.tasks by name select 'h' as source, 'l' as collection,"
        " '/l/1.ics' as href, 'somebody-elses' as uid"
    )
    push_recovery.restore_uids(state)
    assert state.execute("select uid from raw.tasks").fetchall() == [("somebody-elses",)]


def lose(state: duckdb.DuckDBPyConnection, collection: str) -> None:
    state.execute(
        "insert into raw.cursors by name select 'h' as source, $1 as collection, $2 as gone_at",
        [collection, NOW],
    )


def test_what_a_list_held_that_is_no_longer_there_says_nothing(
    state: duckdb.DuckDBPyConnection,
) -> None:
    # The list had another name for some nights: a copy of the task of then is left.
    lose(state, "/later/")
    stands(state, "e2", title="Ana Lima", notes="never")
    stands(state, "e1", {"collection": "/later/", "item_id": 9}, title="Ana Lima Reis")
    assert heard(state, 22) == ("never", date(2026, 9, 22))
    intend(state, "update", "changed", title="Ana Lima")
    assert link(state, "wrote_title, etag, collection") == ("Ana Lima", "e2", "/list/")


def test_a_withdrawal_is_settled_by_the_list_itself(state: duckdb.DuckDBPyConnection) -> None:
    lose(state, "/later/")
    stands(state, "e1", {"collection": "/later/"})
    intend(state, "withdraw", "booked")
    assert link(state, "close_reason") == ("booked",)


def test_a_withdrawal_from_a_list_that_is_not_there_stays_open(
    state: duckdb.DuckDBPyConnection,
) -> None:
    lose(state, "/list/")
    intend(state, "withdraw", "booked")
    assert link(state, "close_reason") == (None,)
