"""Bulk loading: DuckDB's Appender, and numbers from sequences."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


def append(
    connection: "duckdb.DuckDBPyConnection", table: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Append rows, in the order of the table's columns, within the current transaction."""
    if rows:
        appender = connection.appender(table)
        appender.append_rows(rows)
        appender.flush()


def take_numbers(connection: "duckdb.DuckDBPyConnection", sequence: str, count: int) -> list[int]:
    """The next `count` numbers of a sequence."""
    if not count:
        return []
    rows = connection.execute(f"select nextval('{sequence}') from range({count})").fetchall()
    return [row[0] for row in rows]
