"""Given rows, expected rows: the raw tables in memory, and the SQL files run on them.

A test states raw rows as dicts (absent columns are null), asks for a table and compares:

    book = SqlBook(as_of="2026-09-01")
    book.insert("raw.contacts", {"item_id": 1, "record_id": 1, "source": "home", ...})
    book.build("main.people")
    assert book.rows("select display_name from main.people") == [("Ana Lima",)]
"""

import atexit
import weakref
from collections import OrderedDict
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

import duckdb

from pipeline.book import sqlgraph, word_lists
from tests.support.table_contents import NOTHING, Contents, Fingerprint, columns_read, look

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
    "strength_version": 2,
    "strength_offset_share": 0.3,
    "strength_decay": 0.7,
    "strength_offset_days": 1.5,
    "active_month_days": 30,
    "cadence_prior_weight": 3.0,
    "cadence_prior_days": 30.0,
    "cadence_prior_people": 3.0,
    "cadence_prior_df": 20.0,
    "cadence_prior_variance": 1.5,
    "cadence_quantile_z": 0.8416,
    "cadence_max_gap_days": 365,
    "check_in_floor_days": 30,
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
    "book_id": "b00000",
    "stale_source_days": 2,
    "merge_threshold": 0.9,
    "queue_threshold": 0.5,
}


@cache
def layers() -> list[sqlgraph.SqlFile]:
    """The SQL files in their order: read once, for every book of a test run."""
    return sqlgraph.read_layers()


Seen = tuple[Fingerprint, ...]
"""What a file sees of each table that it reads."""

Made = tuple[str, str, Seen]
"""What a table is made from: the text of its file, the time zone, and what that sees."""

KEPT = 2000
"""Most are of few rows: so many take about half a gigabyte."""


class Instance:
    """A database with the raw tables, macros and word lists, used by one book after the other.

    What was once made of the same rows, in this test or an earlier one, is copied instead of made
    again: tests of one file begin alike, and much of each book is empty.
    """

    def __init__(self) -> None:
        self.connection = duckdb.connect(":memory:")
        self.connection.execute("set threads = 1")  # tests run side by side
        # of a few rows every plan is good; that all plans give the same says test_same_build
        self.connection.execute("pragma disable_optimizer")
        raw = sqlgraph.sql_folder() / "raw"
        for file in sorted(raw.iterdir(), key=lambda one: one.name):  # migrations, then config.sql
            self.connection.execute(file.read_text("utf-8"))
        for schema in (*sqlgraph.LAYERS, "kept"):
            self.connection.execute(f"create schema if not exists {schema}")
        self.connection.execute((sqlgraph.sql_folder() / "macros.sql").read_text("utf-8"))
        word_lists.write(self.connection)
        self._known: dict[Made, Contents] = {}
        self._kept: OrderedDict[tuple[str, Fingerprint], str] = OrderedDict()
        self._last = 0

    def make(self, file: sqlgraph.SqlFile, made_from: Made, standing: Contents | None) -> Contents:
        """The file's table, copied where it was made from the same before; `standing` is there."""
        known = self._known.get(made_from)
        if known and standing and known.seen() == standing.seen():
            return known
        if known and (copy := self._kept.get((file.table, known.seen()))):
            self._kept.move_to_end((file.table, known.seen()))
            self.connection.execute(
                f'create or replace table {file.schema}."{file.name}" as from kept."{copy}"'
            )
            return known
        n_rows = sqlgraph.create(self.connection, file)
        made = look(self.connection, file.table) if n_rows else NOTHING
        self._known[made_from] = made
        if (file.table, made.seen()) not in self._kept:
            self._last += 1
            copy = self._kept[file.table, made.seen()] = str(self._last)
            self.connection.execute(
                f'create table kept."{copy}" as from {file.schema}."{file.name}"'
            )
        if len(self._kept) > KEPT:
            _, oldest = self._kept.popitem(last=False)
            self.connection.execute(f'drop table kept."{oldest}"')
        return made

    def give_back(self) -> None:
        """Empty it for the next book: to lay tables and words anew takes a tenth of a second."""
        found = self.connection.execute("from duckdb_databases() where not internal").fetchall()
        if len(found) > 1:
            self.connection.close()  # a test attached a file: it is not as it was
            return
        tables = self.connection.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name <> 'kept'"
            " and (schema_name <> 'raw' or estimated_size > 0 and table_name <> 'words')"
        ).fetchall()
        emptying = [
            f'{"delete from" if schema == "raw" else "drop table"} {schema}."{table}"'
            for schema, table in tables
        ]
        self.connection.execute(";".join(["begin", *emptying, "commit"]))
        FREE.append(self)


FREE: list[Instance] = []
"""Instances whose book nobody holds any more."""
atexit.register(FREE.clear)  # what outlives DuckDB's module it reports on stderr


class SqlBook:
    """An in-memory book: raw tables from the DDL, one owner, settings as the config's defaults."""

    given: ClassVar[frozenset[str]] = frozenset()
    """Tables that the test states itself and that no file makes."""

    def __init__(self, as_of: str = "2026-09-01", **settings: Any) -> None:
        self._instance = FREE.pop() if FREE else Instance()
        weakref.finalize(self, self._instance.give_back)
        self._connection = self._instance.connection
        self._zone = str(settings.get("time_zone", SETTINGS["time_zone"]))
        self._connection.execute(f"set TimeZone = '{self._zone}'")
        self._may_differ = True
        self._made: dict[str, Made] = {}
        self._contents: dict[str, Contents] = {}
        clock = {"as_of": f"{as_of} 06:00:00+00", "as_of_date": as_of}
        self.insert("raw.settings", {**SETTINGS, **clock, **settings})
        self.insert("raw.owners", {"owner_id": "me", "emails": ["me@example.org"]})

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """For changing rows by hand: what reads a changed table is made anew when asked for."""
        self._may_differ = True
        return self._connection

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

        What was made from the same rows stands already: a night of a test changes few tables.
        """
        wanted = set(tables or (file.table for file in layers())) - self.given
        for file in reversed(layers()):
            if file.table in wanted:
                wanted |= file.reads - self.given
        self._look_at_what_is_stated()
        for file in layers():
            if file.table not in wanted:
                continue
            made_from = (file.text, self._zone, self._seen(file))
            if self._made.get(file.table) != made_from:
                standing = self._contents.get(file.table)
                self._contents[file.table] = self._instance.make(file, made_from, standing)
                self._made[file.table] = made_from

    def _look_at_what_is_stated(self) -> None:
        """At all tables that no file makes, if the test may have changed them."""
        if not self._may_differ:
            return
        made_by_files = {file.table for file in layers()} - self.given
        read = {table for file in layers() for table in file.reads}
        filled = self._connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where estimated_size > 0"
        ).fetchall()
        for table in read - made_by_files:
            is_empty = (table,) not in filled
            self._contents[table] = NOTHING if is_empty else look(self._connection, table)
        self._may_differ = False

    def _seen(self, file: sqlgraph.SqlFile) -> Seen:
        """What the file sees; a table that the test states may have other columns."""
        columns = reads()[file.text]
        return tuple(
            self._contents[table].seen(None if table in self.given else columns[table])
            for table in sorted(file.reads)
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._connection.execute(query).fetchall()


@cache
def reads() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Text of each file → table → the columns of it that the file reads."""
    instance = Instance()
    for file in layers():
        sqlgraph.create(instance.connection, file)
    found = columns_read(instance.connection, layers())
    instance.connection.close()
    return found
