"""What the task list, read again, says beyond its rows: settled before anything is decided.

Which tasks are ours though the user deleted the mark in them; what became of the intents of an
interrupted run; since when a decision stands in a task; and, after a lost state, whose the tasks
are that it knows nothing of (history.task_adoptions: a row of raw.task_links from then on). What
the list alone could not tell after a loss is appended to decisions.jsonl: how a follow-up's cycle
ended (ticked, dismissed, expired) and the words that stood in its task, a line each, named by the
task's UID, so that the same line twice says it once.
"""

from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from pipeline import people
from pipeline.book import decisions, duckdb_instances
from pipeline.book.decisions import Decision
from pipeline.book.folder import Folder
from pipeline.book.queries import query

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Adoption:
    """A row of history.task_adoptions: instants as text, for they only go from table to table."""

    uid: str
    owner_id: str
    person_id: int
    kind: str
    cycle: str
    source: str
    collection: str
    href: str
    etag: str
    opened_at: str
    wrote_title: str | None
    wrote_notes: str | None
    wrote_due_date: date | None
    wrote_priority: int | None
    wrote_status: str
    unknown_fields: list[str]
    closed_at: str | None
    close_reason: str | None
    heard: str | None
    heard_at: str | None


def restore_uids(connection: "duckdb.DuckDBPyConnection") -> None:
    """Give a task without a mark the UID that it was written under.

    Where a server gives the ids (Google), our UID stands in the notes, and a user may delete it: a
    task that has no other name than its href is the one that we wrote there. The connection uses
    the state.
    """
    connection.execute(query("tasks_restore_uids"))


def read_task_words(connection: "duckdb.DuckDBPyConnection", now: datetime) -> None:
    """Note since when which decisions stand in our tasks. The connection uses the state."""
    connection.execute(query("tasks_read_words"), [now])


def reconcile(connection: "duckdb.DuckDBPyConnection", now: datetime) -> int:
    """Note what became of each open intent; returns how many there were.

    A write happened as far as the task says what was meant: somebody may have changed it since, and
    what was never sent is not ours. A withdrawal happened when the task is gone, or says so. What
    was given up as never written, and stands there now, was written. The connection uses the state.
    """
    connection.execute(query("tasks_written_after_all"))
    row = connection.execute(
        "select count(*) from raw.task_links where intends_action is not null"
    ).fetchone()
    if not row or not row[0]:
        return 0
    with duckdb_instances.transaction(connection):
        connection.execute(query("tasks_reconcile_writes"))
        connection.execute(query("tasks_reconcile_withdrawals"), [now])
        connection.execute(
            "update raw.task_links set intends_action = null where intends_action is not null"
        )
    return int(row[0])


def sure_adoptions(connection: "duckdb.DuckDBPyConnection") -> list[Adoption]:
    """The tasks that are exactly one person's by the key in their UID; from the build."""
    return _adoptions(connection, is_sure=True)


def likely_adoptions(connection: "duckdb.DuckDBPyConnection") -> list[Adoption]:
    """The tasks that fit one person by address or name: adopted on the user's word alone."""
    return _adoptions(connection, is_sure=False)


def count_unmatched(connection: "duckdb.DuckDBPyConnection") -> int:
    """How many open tasks of ours fit nobody for sure; from the build."""
    row = connection.execute(
        "select count(*) from main.unmatched_tasks where not is_over"
    ).fetchone()
    return int(row[0]) if row else 0


def adopt(
    connection: "duckdb.DuckDBPyConnection", adoptions: list[Adoption], now: datetime
) -> None:
    """Note whose they are. The connection uses the state (`store.state_for_writing`)."""
    if not adoptions:
        return
    rows = [[*astuple(adoption), now] for adoption in adoptions]
    with duckdb_instances.transaction(connection):
        connection.executemany(query("adopt_note"), rows)
        read_task_words(connection, now)


def remember_outcomes(
    connection: "duckdb.DuckDBPyConnection", folder: Folder, now: datetime
) -> int:
    """Append what the file lacks (sql/queries/remember_tasks.sql); returns how many lines.

    :raises StorageError: the file cannot be written; it is then as it was.
    """
    rows = connection.execute(query("remember_tasks")).fetchall()
    lines = [_outcome(connection, row) for row in rows]
    decisions.append_all(folder.path, lines, now)
    return len(lines)


def _adoptions(connection: "duckdb.DuckDBPyConnection", *, is_sure: bool) -> list[Adoption]:
    rows = connection.execute(query("adopt_found"), [is_sure]).fetchall()
    return [Adoption(*row) for row in rows]


def _outcome(
    connection: "duckdb.DuckDBPyConnection",
    row: tuple[str, str, str, int, str, str, str, date | None],
) -> Decision:
    verb, uid, owner_id, person_id, kind, cycle, value, until = row
    return Decision(
        verb,
        owner_id=owner_id,
        who=people.who(connection, person_id, people.LAYERS),
        until_date=until,
        value=value,
        task=uid,
        kind=kind,
        cycle=cycle,
    )
