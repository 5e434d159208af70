"""Builds of whole books in this process, in which no file of sql/ is run twice on the same rows.

A build of a few people is the planning of 150 statements, and the books of the tests are much
alike: most have no tasks, many no meetings, and each is built night after night. So what a file
gave is remembered by its text and by the rows of all tables that it reads, and laid down instead
of worked out again. Everything else of a build is as ever: the copying of the state, the order,
the memory, the descriptions, the checks, the publishing. A test marked
`builds_anew` remembers nothing, nor does a command in a process of its own.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from types import ModuleType
from typing import Any

import duckdb

from pipeline.book import build, bulk_insert, memory_bounds, sqlgraph
from pipeline.book.build import MadeTable
from tests.support.sql_tables import Made, reads
from tests.support.table_contents import NOTHING, Contents, look

KEPT = 20_000
"""So many tables of so few rows take less than two tenths of a gigabyte."""

WORDS = "raw.words"
"""The same in every build of this process."""

OWN: tuple[tuple[ModuleType, str, Callable[..., Any]], ...] = (
    (build, "run", build.run),
    (build, "rebuild_tasks", build.rebuild_tasks),
    (sqlgraph, "create_anew", sqlgraph.create_anew),
)
"""A build's own functions."""

REBUILD, CREATE_ANEW = build.rebuild_tasks, sqlgraph.create_anew


@dataclass(frozen=True, slots=True)
class Remembered:
    """A table as a file of sql/ made it."""

    columns: str
    contents: Contents


Found = tuple[sqlgraph.SqlFile, Remembered]

KNOWN: OrderedDict[Made, Remembered] = OrderedDict()

REBUILT: list[dict[str, Contents]] = []
"""What the tables hold that the present rebuilding after a push, if there is one, has looked at."""


def run_remembering(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[sqlgraph.SqlFile],
    laid: Collection[str] = (),
) -> list[MadeTable]:
    """Make the files' tables, in this order: in the place of `pipeline.book.build.run`."""
    zone = zone_of(connection)
    read = {table for file in files for table in file.reads}
    given = read - {file.table for file in files} - {WORDS}
    contents = {WORDS: NOTHING} | {table: look(connection, table) for table in given}
    made: list[MadeTable] = []
    waiting: list[Found] = []
    for file in files:
        key = made_from(file, zone, contents)
        known = remembered(key)
        if known and known.contents.rows is not None:
            waiting.append((file, known))
            contents[file.table] = known.contents
            made.append((file, known.contents.n_rows))
            continue
        lay(connection, waiting, laid)
        waiting = []
        make = sqlgraph.fill if file.table in laid else build._make
        n_rows = build._guarded(connection, file, make)
        made.append((file, n_rows))
        contents[file.table] = known.contents if known else look(connection, file.table)
        remember(key, contents[file.table])
    lay(connection, waiting, laid)
    return made


def rebuild_tasks_remembering(connection: duckdb.DuckDBPyConnection) -> None:
    """The same after a push: in the place of `rebuild_tasks`."""
    REBUILT.append({})
    try:
        REBUILD(connection)
    finally:
        REBUILT.pop()


def create_anew_remembering(
    connection: duckdb.DuckDBPyConnection, file: sqlgraph.SqlFile
) -> int | None:
    """One of its tables: in the place of `sqlgraph.create_anew`."""
    contents = REBUILT[-1] if REBUILT else {}
    for table in {*file.reads, file.table} - contents.keys():
        contents[table] = NOTHING if table == WORDS else look(connection, table)
    before = contents[file.table]
    key = made_from(file, zone_of(connection), contents)
    known = remembered(key)
    if known and known.contents.seen() == before.seen():
        return None
    if known is None or known.contents.rows is None:
        rows = CREATE_ANEW(connection, file)
        if rows is not None:
            contents[file.table] = look(connection, file.table)
        remember(key, contents[file.table])
        return rows
    lay_together(connection, [(file, known)], ())
    contents[file.table] = known.contents
    return known.contents.n_rows


def lay(
    connection: duckdb.DuckDBPyConnection, found: Sequence[Found], laid: Collection[str]
) -> None:
    """Make these tables as they were."""
    for _, group in groupby(found, lambda one: one[0].schema == "main"):  # of one database
        together = partial(lay_together, connection, list(group), laid)
        memory_bounds.in_little_memory(connection, together)


def lay_together(
    connection: duckdb.DuckDBPyConnection, found: Sequence[Found], laid: Collection[str]
) -> None:
    """Those of one database, within the current transaction; those of `laid` are there, empty."""
    new = [(file, known) for file, known in found if file.table not in laid]
    connection.execute(
        ";".join(
            f'create or replace table {file.schema}."{file.name}" ({known.columns})'
            for file, known in new
        )
    )
    for file, known in found:
        bulk_insert.append(connection, file.table, known.contents.rows or [])
    for file, _ in new:
        if file.schema == "main":
            sqlgraph.describe(connection, file)


def made_from(file: sqlgraph.SqlFile, zone: str, contents: Mapping[str, Contents]) -> Made:
    """What the file's table depends on; of a file that a test brings, all that its tables hold."""
    columns = reads().get(file.text, {})
    seen = tuple(contents[table].seen(columns.get(table)) for table in sorted(file.reads))
    return file.text, zone, seen


def zone_of(connection: duckdb.DuckDBPyConnection) -> str:
    """The time zone in which days are told."""
    return str(connection.execute("select current_setting('TimeZone')").fetchall()[0][0])


def remember(key: Made, made: Contents) -> None:
    """Note what a file has just made; of many rows, or such as Python has not, only which."""
    columns = ", ".join(f'"{name}" {kind}' for name, kind in made.columns.items())
    KNOWN[key] = Remembered(columns, made)
    if len(KNOWN) > KEPT:
        KNOWN.popitem(last=False)


def remembered(key: Made) -> Remembered | None:
    """What is known of it; what nobody asks for is forgotten first."""
    if key in KNOWN:
        KNOWN.move_to_end(key)
    return KNOWN.get(key)


REMEMBERING: tuple[tuple[ModuleType, str, Callable[..., Any]], ...] = (
    (build, "run", run_remembering),
    (build, "rebuild_tasks", rebuild_tasks_remembering),
    (sqlgraph, "create_anew", create_anew_remembering),
)
"""What stands in the place of `OWN`."""
