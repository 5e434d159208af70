"""What a table holds, and what of it a file of sql/ sees: the columns that it reads, no others.

Most of what changes from one book of the tests to the next is in columns that a file does not read:
the clock in raw.settings, the moment at which a row came, the number of a run.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import duckdb

from pipeline.book import sqlgraph

Fingerprint = tuple[int, int | None]
"""How many rows, and a number made of all of them in whatever order."""

Columns = frozenset[str] | None
"""Those of a table that a file reads; None for all."""

MANY = 100
"""Of a table of more rows no column is looked at alone, and its rows are not remembered."""

EXACT = re.compile(
    r"(VARCHAR|JSON|BLOB|BOOLEAN|DOUBLE|DATE|TIMESTAMP WITH TIME ZONE|U?(TINY|SMALL|BIG|HUGE)?INT"
    r"|INTEGER|UINTEGER|DECIMAL[(]\d+,\d+[)]|STRUCT|\"\w+\"|\w+(?= [A-Z])|[(), ]|\[\])+"
)
"""Types whose values Python holds as they are: of an interval it takes 30 days for a month."""

ENDLESS = ("9999, 12, 31", "date(1, 1, 1)", "datetime(1, 1, 1,")
"""So Python writes what DuckDB calls infinite, and these days themselves."""


class Contents:
    """A table's rows at a moment; None where they are many, or where Python has no such values."""

    def __init__(
        self,
        columns: dict[str, str],
        rows: list[tuple[Any, ...]] | None,
        whole: Fingerprint | None = None,
    ) -> None:
        self.columns = columns
        """Name → type."""
        self.rows = rows
        self._seen: dict[Columns, Fingerprint] = {} if whole is None else {None: whole}

    @cached_property
    def _cells(self) -> list[list[str]]:
        return [[repr(value) for value in row] for row in self.rows or ()]

    @property
    def n_rows(self) -> int:
        """How many there are."""
        return self.seen()[0]

    def seen(self, columns: Columns = None) -> Fingerprint:
        """What tells the rows from others, for a file that reads these columns."""
        if self.rows is None:
            return self._seen[None]
        if columns not in self._seen:
            places = [
                place
                for place, name in enumerate(self.columns)
                if columns is None or name in columns
            ]
            found = sorted(tuple(row[place] for place in places) for row in self._cells)
            self._seen[columns] = (len(found), hash(tuple(found)) if found else None)
        return self._seen[columns]


NOTHING = Contents({}, [])
"""No rows, whatever the columns."""


def look(connection: duckdb.DuckDBPyConnection, table: str) -> Contents:
    """What the table holds now."""
    try:
        cursor = connection.execute(f"from {table}")
        columns = {name: str(kind) for name, kind, *_ in cursor.description}
        rows = cursor.fetchmany(MANY + 1)
    except (ValueError, OverflowError):  # a day that Python's calendar does not have
        return Contents({}, None, fingerprint(connection, table))
    if len(rows) > MANY or not all(map(EXACT.fullmatch, columns.values())):
        return Contents({}, None, fingerprint(connection, table))
    found = Contents(columns, rows)
    if any(endless in cell for row in found._cells for cell in row for endless in ENDLESS):
        return Contents({}, None, fingerprint(connection, table))
    return found


def fingerprint(connection: duckdb.DuckDBPyConnection, table: str) -> Fingerprint:
    """Of all its columns, as DuckDB has them."""
    found = connection.execute(f"select count(*), sum(hash(tab)::hugeint) from {table} as tab")
    n_rows, number = found.fetchall()[0]
    return n_rows, number


def columns_read(
    connection: duckdb.DuckDBPyConnection, files: Iterable[sqlgraph.SqlFile]
) -> dict[str, dict[str, frozenset[str]]]:
    """Text of a file → table → its columns that the file reads, as DuckDB plans it.

    All tables stand in this database, which is of no other use. Of DuckDB's optimizers only the
    one that leaves columns out is at work, for the others look at the rows.
    """
    others = connection.execute(
        "select string_agg(name, ',') from duckdb_optimizers() where name <> 'unused_columns'"
    ).fetchall()[0][0]
    connection.execute("pragma enable_optimizer")
    connection.execute(f"set disabled_optimizers = '{others}'")
    found: dict[str, dict[str, frozenset[str]]] = {}
    for file in files:
        plan = connection.execute(f"explain (format json) {file.text}").fetchall()[0][1]
        read = found[file.text] = {}
        for scan in scans(json.loads(plan)):
            columns = scan.get("Projections", [])
            named = [columns] if isinstance(columns, str) else columns
            table = ".".join(scan["Table"].replace('"', "").split(".")[-2:])
            # of a struct it may read a part; where no column counts but how many rows, it says ""
            tops = {name.partition(".")[0] for name in named if name}
            read[table] = read.get(table, frozenset()) | tops
    return found


def scans(nodes: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What the plan says of each reading of a table."""
    for node in nodes:
        if "Table" in node["extra_info"]:
            yield node["extra_info"]
        yield from scans(node["children"])
