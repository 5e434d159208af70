"""Tasks of ours that the state knows nothing of: taken up again as if they had never been lost.

history.adoptions says whose each is; here it becomes a row of raw.task_links and stays one.
"""

from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from pipeline.book import store
from pipeline.sync import push_recovery

if TYPE_CHECKING:
    import duckdb

COLUMNS = (
    "uid",
    "owner_id",
    "person_id",
    "kind",
    "cycle",
    "source",
    "collection",
    "href",
    "etag",
    "opened_at",
    "wrote_title",
    "wrote_notes",
    "wrote_due_date",
    "wrote_priority",
    "wrote_status",
    "unknown_fields",
    "closed_at",
    "close_reason",
    "heard",
    "heard_at",
)


@dataclass(frozen=True, slots=True)
class Adoption:
    """A row of history.adoptions: instants as text, for they only go from table to table."""

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


def sure(connection: "duckdb.DuckDBPyConnection") -> list[Adoption]:
    """The tasks that are exactly one person's by the key in their UID; from the build."""
    return _read(connection, "left_alone is null")


def likely(connection: "duckdb.DuckDBPyConnection") -> list[Adoption]:
    """The tasks that fit one person by address or name: adopted on the user's word alone."""
    return _read(connection, "left_alone is not null and person_id is not null")


def left_alone(connection: "duckdb.DuckDBPyConnection") -> int:
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
    columns = ", ".join(f'"{column}"' for column in COLUMNS)
    marks = ", ".join(f"${number}" for number in range(1, len(COLUMNS) + 1))
    with store.transaction(connection):
        connection.executemany(
            f"insert into raw.task_links ({columns}, wrote_at, adopted_at)"
            f" values ({marks}, $10, '{now.isoformat()}')",
            [astuple(adoption) for adoption in adoptions],
        )
        push_recovery.hear(connection, now)


def _read(connection: "duckdb.DuckDBPyConnection", which: str) -> list[Adoption]:
    instants = ("opened_at", "closed_at", "heard_at")
    columns = ", ".join(
        f"{column}::varchar" if column in instants else f'"{column}"' for column in COLUMNS
    )
    rows = connection.execute(
        f"select {columns} from history.adoptions where {which} order by uid"
    ).fetchall()
    return [Adoption(*row) for row in rows]
