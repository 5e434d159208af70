"""What the task list alone cannot tell after a loss, appended to decisions.jsonl.

How a follow-up's cycle ended (ticked, dismissed, expired), and the words that stood in its task: a
line each, named by the task's UID, so that the same line twice says it once.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING

from pipeline import people
from pipeline.book import decisions
from pipeline.book.decisions import Decision
from pipeline.book.folder import Folder
from pipeline.book.queries import query

if TYPE_CHECKING:
    import duckdb


def remember(connection: "duckdb.DuckDBPyConnection", folder: Folder, now: datetime) -> int:
    """Append what the file lacks (history.task_memories); returns how many lines.

    :raises StorageError: the file cannot be written; it is then as it was.
    """
    rows = connection.execute(query("remember_tasks")).fetchall()
    lines = [_line(connection, row) for row in rows]
    decisions.append_all(folder.path, lines, now)
    return len(lines)


def _line(
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
