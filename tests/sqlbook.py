"""Given rows, expected rows: the raw tables in memory, and the SQL files run on them.

A test states raw rows as dicts (absent columns are null), asks for a table and compares:

    book = SqlBook(as_of="2026-09-01")
    book.insert("raw.contacts", {"item_id": 1, "record_id": 1, "source": "home", ...})
    book.build("main.people")
    assert book.rows("select display_name from main.people") == [("Ana Lima",)]
"""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, ClassVar, Self

import duckdb

from pipeline import sqlgraph, words

SETTINGS: dict[str, Any] = {
    "owner_id": "me",
    "time_zone": "Europe/Lisbon",
    "phone_region": "PT",
    "tasks_form": "task",
    "tasks_detail": "ways",
    "tasks_title": "name",
    "per_week": 5,
    "open_at_most": 5,
    "max_attendees": 12,
    "title_only_weight": 0.5,
    "large_series_people": 6,
    "large_series_weight": 0.5,
    "strength_offset_days": 1.5,
    "active_month_days": 30,
    "cadence_prior_weight": 3.0,
    "cadence_prior_days": 30.0,
    "cadence_prior_people": 3.0,
    "cadence_prior_df": 20.0,
    "cadence_prior_variance": 1.5,
    "cadence_quantile_z": 0.8416,
    "cadence_max_gap_days": 365,
    "lapsed_factor": 8.0,
    "dormant_days": 1095,
    "due_soon_days": 7,
    "unchosen_layer": 15,
    "birthday_layer": 50,
    "birthday_lead_days": 7,
    "first_follow_up_days": 30,
    "first_follow_up_attendees": 4,
    "first_follow_up_per_week": 2,
    "reconnect_per_week": 1,
    "booked_window_days": 14,
    "expiry_days": 21,
    "stale_source_days": 2,
    "merge_threshold": 0.9,
    "queue_threshold": 0.5,
}


@cache
def layers() -> list[sqlgraph.SqlFile]:
    """The SQL files in their order: read once, for every book of a test run."""
    return sqlgraph.read_layers()


@cache
def of_words() -> list[sqlgraph.SqlFile]:
    """The files that read the lists of words alone: their tables are every book's."""
    found: list[sqlgraph.SqlFile] = []
    for file in layers():
        if file.reads and file.reads <= {"raw.words", *(other.table for other in found)}:
            found.append(file)
    return found


FREE: list[duckdb.DuckDBPyConnection] = []
"""Instances whose book nobody holds any more."""


def empty() -> duckdb.DuckDBPyConnection:
    """An instance with the raw tables, macros and word lists, and no rows of anybody's."""
    if FREE:
        return FREE.pop()
    connection = duckdb.connect(":memory:")
    connection.execute("set threads = 1")  # tests run side by side
    raw = sqlgraph.sql_folder() / "raw"
    for file in sorted(raw.iterdir(), key=lambda one: one.name):  # migrations, then config.sql
        connection.execute(file.read_text("utf-8"))
    for schema in sqlgraph.LAYERS:
        connection.execute(f"create schema if not exists {schema}")
    connection.execute((sqlgraph.sql_folder() / "macros.sql").read_text("utf-8"))
    words.lay(connection)
    for made in of_words():
        sqlgraph.create(connection, made)
    return connection


def give_back(connection: duckdb.DuckDBPyConnection) -> None:
    """Empty it for the next book: to lay the tables and words anew takes a tenth of a second."""
    if len(connection.execute("from duckdb_databases() where not internal").fetchall()) > 1:
        connection.close()  # a test attached a file: it is not as it was
        return
    kept = {"raw.words", *(file.table for file in of_words())}
    tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    for schema, table in tables:
        if f"{schema}.{table}" in kept:
            continue
        what = "delete from" if schema == "raw" else "drop table"
        connection.execute(f'{what} {schema}."{table}"')
    FREE.append(connection)


Fingerprint = tuple[int, int | None]


class SqlBook:
    """An in-memory book: raw tables from the DDL, one owner, settings as the config's defaults."""

    given: ClassVar[frozenset[str]] = frozenset()
    """Tables that the test states itself and that no file makes."""

    def __init__(self, as_of: str = "2026-09-01", **settings: Any) -> None:
        self._connection = empty()
        weakref.finalize(self, give_back, self._connection)
        zone = settings.get("time_zone", SETTINGS["time_zone"])
        self._connection.execute(f"set TimeZone = '{zone}'")
        self._may_differ = True
        self._made = {file.table for file in of_words()}
        self._prints = self._fingerprints(["raw.words"])
        clock = {"as_of": f"{as_of} 06:00:00+00", "as_of_date": as_of}
        self.insert("raw.settings", {**SETTINGS, **clock, **settings})
        self.insert("raw.owners", {"owner_id": "me", "emails": ["me@example.org"]})

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """For changing rows by hand: what reads a changed table is made anew when asked for."""
        self._may_differ = True
        return self._connection

    @contextmanager
    def aside(self) -> Iterator[Self]:
        """The book as it stands, for one test: what the test does is undone behind it.

        So tests that begin alike share what is built; the book itself is a module's fixture.
        """
        before = {**vars(self), "_made": set(self._made)}
        self._connection.execute("begin")
        try:
            yield self
        finally:
            self._connection.execute("rollback")
            vars(self).update(before)

    def insert(self, table: str, *rows: dict[str, Any]) -> None:
        """Append rows; what a dict does not name is null."""
        for row in rows:
            columns = ", ".join(f'"{column}"' for column in row)
            marks = ", ".join("?" for _ in row)
            self.connection.execute(
                f"insert into {table} ({columns}) values ({marks})", list(row.values())
            )

    def build(self, *tables: str) -> None:
        """Make these tables and everything they read; all tables when none is named.

        What was made from the same rows stands already, and what comes out the same again stops
        what reads it from being made anew: a night of a test changes few tables.
        """
        wanted = set(tables or (file.table for file in layers())) - self.given
        for file in reversed(layers()):
            if file.table in wanted:
                wanted |= file.reads - self.given
        changed = self._changed() if self._may_differ else set()
        for file in layers():
            is_made = file.table in self._made
            if is_made and not file.reads & changed:
                continue
            if file.table not in wanted:
                self._made.discard(file.table)  # for when it is asked for
                changed.add(file.table)
                continue
            before = self._fingerprints([file.table]) if is_made else {}
            sqlgraph.create(self._connection, file)
            self._made.add(file.table)
            if not is_made or self._fingerprints([file.table]) != before:
                changed.add(file.table)
        self._may_differ = False

    def _changed(self) -> set[str]:
        """Which of the tables that no file makes have other rows than at the last build."""
        read = {table for file in layers() for table in file.reads}
        made_by_files = {file.table for file in layers()} - self.given
        found = self._fingerprints(sorted(read - made_by_files))
        changed = {table for table in found if found[table] != self._prints.get(table)}
        self._prints = found
        return changed

    def _fingerprints(self, tables: list[str]) -> "dict[str, Fingerprint]":
        """Table → how many rows, and a number made of all of them in whatever order."""
        query = " union all ".join(
            f"select '{table}', count(*), sum(hash(tab)::hugeint) from {table} as tab"
            for table in tables
        )
        return {table: (n, number) for table, n, number in self.rows(query)} if tables else {}

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._connection.execute(query).fetchall()
