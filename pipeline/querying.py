"""`query`: SQL on the published file, read-only and shut off from everything else."""

import csv
import io
import json
import sys
from typing import Any

from pipeline.errors import UsageError
from pipeline.folder import open_published
from pipeline.session import Session
from pipeline.sqlgraph import quoted
from pipeline.text import count, table

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection)."""

MOST_ROWS = 10_000


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
                'Nothing was changed; docs/schema.md and `kithbook query "show tables"` help.',
            ) from error
    if not names:
        raise UsageError("There is no SELECT in it.", 'kithbook query "select * from ties"')
    print_rows(names, rows[:MOST_ROWS], form)
    if len(rows) > MOST_ROWS:
        print(
            f"Only the first {MOST_ROWS:,} rows; open the file with DuckDB for more.",
            file=sys.stderr,
        )


def print_rows(names: list[str], rows: list[tuple[Any, ...]], form: str) -> None:
    """Rows on stdout, their number on stderr when they are for people."""
    if form == "json":
        dicts = [dict(zip(names, row, strict=True)) for row in rows]
        print(json.dumps(dicts, default=str, ensure_ascii=False, indent=2))
    elif form == "csv":
        sys.stdout.write(as_csv(names, rows))
    else:
        for line in table(names, rows):
            print(line)
        print(count(len(rows), "row"), file=sys.stderr)


def as_csv(names: list[str], rows: list[tuple[Any, ...]]) -> str:
    """Rows as CSV in which no cell is a formula: what looks like one gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        value = json.dumps(value, default=str, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value
