"""What the task list, read again, says beyond its rows: settled before anything is decided.

Which tasks are ours though the user deleted the mark in them; what became of the intents of an
interrupted run; and since when a decision stands in a task.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.book import store
from pipeline.book.queries import query

if TYPE_CHECKING:
    import duckdb


def recognise(connection: "duckdb.DuckDBPyConnection") -> None:
    """Give a task without a mark the UID that it was written under.

    Where a server gives the ids (Google), our UID stands in the notes, and a user may delete it: a
    task that has no other name than its href is the one that we wrote there. The connection uses
    the state.
    """
    connection.execute(query("tasks_recognise"))


def hear(connection: "duckdb.DuckDBPyConnection", now: datetime) -> None:
    """Note since when which decisions stand in our tasks. The connection uses the state."""
    connection.execute(query("tasks_hear"), [now])


def settle(connection: "duckdb.DuckDBPyConnection", now: datetime) -> int:
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
    with store.transaction(connection):
        connection.execute(query("tasks_settle_writes"))
        connection.execute(query("tasks_settle_withdrawals"), [now])
        connection.execute(
            "update raw.task_links set intends_action = null where intends_action is not null"
        )
    return int(row[0])
