"""`query`: SQL on the published file, read-only and shut off from everything else."""

import csv
import io
import json
import sys
from collections.abc import Sequence
from typing import Any

from pipeline.errors import UsageError
from pipeline.folder import open_published
from pipeline.printing import say, show_json, show_table
from pipeline.session import Session
from pipeline.sqlgraph import quoted
from pipeline.text import count

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection)."""

MOST_ROWS = 10_000

TABLES_SQL = "select table_name, comment from duckdb_tables() where schema_name = 'main'"
COLUMNS_SQL = "select column_name, comment from duckdb_columns() where table_name = 'ties'"
"""The file describes itself: docs/schema.md is not where pipx puts a command."""


def form_of(*, as_json: bool, as_csv: bool) -> str:
    """What rows are to be printed as.

    :raises UsageError: both at once.
    """
    if as_json and as_csv:
        raise UsageError("--json and --csv at once?", "Nothing was printed; say one of them.")
    return "json" if as_json else "csv" if as_csv else "table"


def run_query(session: Session, sql: str, *, form: str = "table") -> None:
    """Run one SELECT and print its rows as `table`, `json` or `csv`.

    :raises UsageError: DuckDB refuses the SQL.
    """
    import duckdb

    with open_published(session.folder, {"enable_external_access": False}) as connection:
        session.refuse_another_day(connection)
        zone = connection.execute("select time_zone from raw.settings").fetchone()
        if zone:
            connection.execute(f"set TimeZone = {quoted(str(zone[0]))}")
        connection.execute("set lock_configuration = true")
        try:
            found = connection.execute(sql)
            names = [column[0] for column in found.description or []] if found else []
            rows = found.fetchmany(MOST_ROWS + 1) if names else []
        except duckdb.Error as error:
            raise UsageError(
                f"DuckDB says: {error}",
                f'What the tables are: `kithbook query "{TABLES_SQL}"`; what is in one of them: '
                f'`kithbook query "{COLUMNS_SQL}"`',
            ) from error
    if not names:
        raise UsageError("There is no SELECT in it.", 'kithbook query "select * from ties"')
    print_rows(names, rows[:MOST_ROWS], form)
    if len(rows) > MOST_ROWS:
        say(f"Only the first {MOST_ROWS:,} rows; open the file with DuckDB for more.")


def print_rows(names: Sequence[str], rows: Sequence[Sequence[Any]], form: str) -> None:
    """Rows on stdout, their number on stderr when they are for people."""
    if form == "json":
        keys = distinct(names)
        show_json([dict(zip(keys, row, strict=True)) for row in rows])
    elif form == "csv":
        sys.stdout.write(as_csv(names, rows))
    else:
        show_table(names, [[_word(value) for value in row] for row in rows])
        say(count(len(rows), "row"))


def distinct(names: Sequence[str]) -> list[str]:
    """Column names of which no two are the same: a, a_1, a_2, as DuckDB numbers them."""
    taken = set(names)
    keys: list[str] = []
    for name in names:
        key, number = name, 0
        while key in keys or (number and key in taken):
            number += 1
            key = f"{name}_{number}"
        keys.append(key)
    return keys


def as_csv(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows as CSV in which no cell is a formula: what looks like one gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_cell(name) for name in names])
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue()


def _word(value: Any) -> Any:
    """A value as DuckDB's shell would print it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        words = ["NULL" if one is None else str(_word(one)) for one in value]
        return f"[{', '.join(words)}]"
    return value


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        value = json.dumps(value, default=str, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value
