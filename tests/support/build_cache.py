"""Builds of whole books in this process, in which no file of sql/ is run twice on the same rows.

A build of a few people is the planning of 150 statements, and the books of the tests are much
alike: most have no tasks, many no meetings, and each is built night after night. So what a file
gave is remembered by its text and by the rows of all tables that it reads, and laid down instead
of worked out again. Everything else of a build is as ever: the copying of the state, the order,
the memory, the descriptions, the checks, the publishing. A test marked
`builds_anew` remembers nothing, nor does what a module's tests share, nor a command in a process
of its own.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

import duckdb

from pipeline.book import build, bulk_insert, memory_bounds, sqlgraph
from pipeline.book.build import MadeTable
from tests.support.sql_tables import Fingerprint, fingerprints

MANY = 100
"""A table of more rows is worked out each time."""

KEPT = 10_000
"""So many tables of so few rows take less than a tenth of a gigabyte."""

WORDS = "raw.words"
"""The same in every build of this process."""

CREATE_ANEW = sqlgraph.create_anew
"""The build's own."""

NO_ROWS: Fingerprint = (0, None)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A table as a file of sql/ made it."""

    columns: str
    rows: list[tuple[Any, ...]]
    fingerprint: Fingerprint


Key = tuple[str, str, tuple[Fingerprint, ...]]
"""Text of a file, time zone, and the fingerprints of what it reads."""

KNOWN: OrderedDict[Key, Remembered] = OrderedDict()


def run_remembering(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[sqlgraph.SqlFile],
    _laid: Collection[str] = (),
) -> list[MadeTable]:
    """Make the files' tables, in this order: in the place of `pipeline.book.build.run`.

    What was laid of the published file is laid anew.
    """
    zone = zone_of(connection)
    read = {table for file in files for table in file.reads}
    given = sorted(read - {file.table for file in files} - {WORDS})
    prints = {WORDS: NO_ROWS, **fingerprints(connection, given)}
    made: list[MadeTable] = []
    waiting: list[tuple[sqlgraph.SqlFile, Remembered]] = []
    for file in files:
        key = key_of(file, zone, prints)
        if known := KNOWN.get(key):
            waiting.append((file, known))
            prints[file.table] = known.fingerprint
            made.append((file, len(known.rows)))
            continue
        lay(connection, waiting)
        waiting = []
        n_rows = build._guarded(connection, file, build._make)
        made.append((file, n_rows))
        prints[file.table] = NO_ROWS
        if n_rows:
            prints |= fingerprints(connection, [file.table])
        remember(connection, file, key, prints[file.table])
    lay(connection, waiting)
    return made


def create_anew_remembering(
    connection: duckdb.DuckDBPyConnection, file: sqlgraph.SqlFile
) -> int | None:
    """The same for a table that is made again: in the place of `sqlgraph.create_anew`."""
    prints = fingerprints(connection, sorted({*file.reads, file.table} - {WORDS}))
    before = prints[file.table]
    key = key_of(file, zone_of(connection), {WORDS: NO_ROWS, **prints})
    known = KNOWN.get(key)
    if known is None:
        rows = CREATE_ANEW(connection, file)
        after = before if rows is None else fingerprints(connection, [file.table])[file.table]
        remember(connection, file, key, after)
        return rows
    if known.fingerprint == before:
        return None
    lay_together(connection, [(file, known)])
    return len(known.rows)


def lay(
    connection: duckdb.DuckDBPyConnection,
    found: Sequence[tuple[sqlgraph.SqlFile, Remembered]],
) -> None:
    """Make these tables as they were."""
    for _, group in groupby(found, lambda one: one[0].schema == "main"):  # of one database
        memory_bounds.in_little_memory(connection, partial(lay_together, connection, list(group)))


def lay_together(
    connection: duckdb.DuckDBPyConnection,
    found: Sequence[tuple[sqlgraph.SqlFile, Remembered]],
) -> None:
    """Those of one database, within the current transaction."""
    connection.execute(
        ";".join(
            f'create or replace table {file.schema}."{file.name}" ({known.columns})'
            for file, known in found
        )
    )
    for file, known in found:
        bulk_insert.append(connection, file.table, known.rows)
        if file.schema == "main":
            sqlgraph.describe(connection, file)


def key_of(file: sqlgraph.SqlFile, zone: str, prints: Mapping[str, Fingerprint]) -> Key:
    """What the file's table depends on."""
    return file.text, zone, tuple(prints[table] for table in sorted(file.reads))


def zone_of(connection: duckdb.DuckDBPyConnection) -> str:
    """The time zone in which days are told."""
    return str(connection.execute("select current_setting('TimeZone')").fetchall()[0][0])


def remember(
    connection: duckdb.DuckDBPyConnection,
    file: sqlgraph.SqlFile,
    key: Key,
    fingerprint: Fingerprint,
) -> None:
    """Note what the file has just made, unless it is much, or not the same when laid down again."""
    if fingerprint[0] > MANY:
        return
    try:
        cursor = connection.execute(f'from {file.schema}."{file.name}"')
        columns = ", ".join(f'"{name}" {kind}' for name, kind, *_ in cursor.description)
        rows = cursor.fetchall()
    except (ValueError, OverflowError):  # a day that Python's calendar does not have
        return
    if rows:
        connection.execute(f"create or replace temp table again ({columns})")
        bulk_insert.append(connection, "temp.again", rows)
        if fingerprints(connection, ["temp.again"])["temp.again"] != fingerprint:
            return
    KNOWN[key] = Remembered(columns, rows, fingerprint)
    if len(KNOWN) > KEPT:
        KNOWN.popitem(last=False)
