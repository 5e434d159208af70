"""`query`: SQL on the published file, read-only and shut off from everything else."""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connectors.errors import UsageError
from pipeline.book.folder import open_published
from pipeline.book.sqlgraph import quoted
from pipeline.command_session import Session
from pipeline.commands.options import Csv, Exact, Json
from pipeline.terminal.printing import say, show_json, show_table, show_text
from pipeline.terminal.spreadsheet_csv import as_csv
from pipeline.terminal.terminal_text import count

if TYPE_CHECKING:
    import duckdb

MOST_ROWS = 10_000

TABLES_SQL = "select table_name, comment from duckdb_tables() where schema_name = 'main'"
COLUMNS_SQL = "select column_name, comment from duckdb_columns() where table_name = 'ties'"
"""The file describes itself: docs/schema.md is not where pipx puts a command."""


def command(
    context: typer.Context,
    sql: Annotated[str, typer.Argument(help="One SELECT; tables of schema main need no prefix.")],
    as_json: Json = False,
    as_csv: Csv = False,
    exact: Exact = False,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long it may take.")] = 60.0,
    memory: Annotated[str, typer.Option(help="How much memory it may take.")] = "1GB",
) -> None:
    """Ask the published file in SQL: read-only, with access to nothing else.

    Example: kithbook query "select display_name, last_contact_date from last_contacts"
    """
    form = form_of(as_json=as_json, as_csv=as_csv, exact=exact)
    run_query(context.obj, sql, form=form, bounds=Bounds(seconds, memory))


def form_of(*, as_json: bool, as_csv: bool, exact: bool = False) -> str:
    """What rows are to be printed as: table, json, csv, or exact (CSV with every text as it is).

    :raises UsageError: two at once.
    """
    if as_json and as_csv:
        raise UsageError(
            "--json and --csv do not go together.", "Nothing was printed; say one of them."
        )
    if exact and not as_csv:
        raise UsageError("--exact goes with --csv.", "JSON has every text as it is.")
    if exact:
        return "exact"
    return "json" if as_json else "csv" if as_csv else "table"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one statement may take."""

    seconds: float = 60.0
    memory: str = "1GB"


def run_query(session: Session, sql: str, *, form: str, bounds: Bounds) -> None:
    """Run one SELECT and print its rows in a form of `form_of`.

    :raises UsageError: it is no SELECT or several, DuckDB refuses it, or it takes too much.
    """
    settings = {
        "memory_limit": quoted(_memory(bounds.memory)),
        "temp_directory": "''",  # what does not fit into the memory must not fill the disk either
    }
    with open_published(session.folder, settings, in_owner_zone=True) as connection:
        session.refuse_another_day(connection)
        names, rows = _run(connection, sql, bounds)
    print_rows(names, rows[:MOST_ROWS], form)
    if len(rows) > MOST_ROWS:
        say(f"Only the first {MOST_ROWS:,} rows; open the file with DuckDB for more.")


def _run(
    connection: "duckdb.DuckDBPyConnection", sql: str, bounds: Bounds
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and the first rows of one SELECT, within the bounds."""
    import duckdb

    is_late = threading.Event()

    def stop() -> None:
        is_late.set()
        connection.interrupt()

    clock = threading.Timer(bounds.seconds, stop)
    clock.daemon = True
    try:
        statement = _one_select(connection, sql)
        clock.start()
        found = connection.execute(statement)
        names = [column[0] for column in found.description or []]
        return names, found.fetchmany(MOST_ROWS + 1)
    except duckdb.OutOfMemoryException as error:
        raise UsageError(
            f"The statement needs more than {bounds.memory} of memory and was stopped.",
            "Ask for less at once, or allow more: `kithbook query --memory 4GB SQL`.",
        ) from error
    except (duckdb.Error, RuntimeError) as error:
        if is_late.is_set():
            raise UsageError(
                f"The statement took more than {bounds.seconds:g} seconds and was stopped.",
                "Ask for less at once, or allow more: `kithbook query --seconds 600 SQL`.",
            ) from error
        if not isinstance(error, duckdb.Error):
            raise  # Ctrl-C
        raise UsageError(
            f"DuckDB says: {error}",
            f'What the tables are: `kithbook query "{TABLES_SQL}"`; what is in one of them: '
            f'`kithbook query "{COLUMNS_SQL}"`',
        ) from error
    finally:
        clock.cancel()


def _one_select(connection: "duckdb.DuckDBPyConnection", sql: str) -> "duckdb.Statement":
    """The one statement, if it is one that only reads, by DuckDB's own word for its type.

    Of a read-only file COPY, ATTACH and their like could still reach the file's own path.

    :raises UsageError: it is none, several, or another kind.
    """
    import duckdb

    example = 'kithbook query "select * from ties limit 10"'
    statements = connection.extract_statements(sql)
    if not statements:
        raise UsageError("There is no SELECT in it.", example)
    if len(statements) > 1:
        raise UsageError(
            f"These are {len(statements)} statements; `query` takes one. None was run.", example
        )
    if statements[0].type != duckdb.StatementType.SELECT:
        kind = str(statements[0].type).rpartition(".")[2].replace("_", " ")
        raise UsageError(
            f"`query` takes a SELECT, and this is {kind}. It was not run.",
            f"Example: {example}; what is to change goes through the other commands.",
        )
    return statements[0]


def _memory(words: str) -> str:
    """A size as DuckDB takes it.

    :raises UsageError: it is none.
    """
    if not re.fullmatch(r"\d+(\.\d+)? ?[kmgt]i?b", words.strip(), re.IGNORECASE):
        raise UsageError(f'"{words}" is not a size.', "Write it like --memory 4GB.")
    return words.strip()


def print_rows(names: Sequence[str], rows: Sequence[Sequence[Any]], form: str) -> None:
    """Rows on stdout, their number on stderr when they are for people."""
    if form == "json":
        keys = distinct(names)
        show_json([dict(zip(keys, row, strict=True)) for row in rows])
    elif form in {"csv", "exact"}:
        show_text(as_csv(names, rows, exact=form == "exact"))
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


def _word(value: Any) -> Any:
    """A value as DuckDB's shell would print it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        words = ["NULL" if one is None else str(_word(one)) for one in value]
        return f"[{', '.join(words)}]"
    return value
