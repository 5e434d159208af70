"""The tables of the published file, taken over empty with their comments: or none of them."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipeline import config
from pipeline.book import build, outgoing_tables, sqlgraph, store
from pipeline.book.folder import Folder
from tests.support.demo_commands import copy_book

NOW = datetime(2026, 11, 18, 6, tzinfo=UTC)
COMMENTS = """
    select table_name, column_name, comment from duckdb_columns() where database_name = 'kithbook'
    union all
    select table_name, null, comment from duckdb_tables() where database_name = 'kithbook'
"""


@pytest.fixture
def book(demo_book: Path, tmp_path: Path) -> Folder:
    copy_book(demo_book, tmp_path / "book")
    return Folder(tmp_path / "book")


@contextlib.contextmanager
def next_build(book: Folder) -> Iterator[duckdb.DuckDBPyConnection]:
    """A build that has come as far as main's tables."""
    found = config.load(book.path / "config.toml")
    with contextlib.closing(store.open_next(book, found.owner.time_zone)) as connection:
        build.write_raw_schema(connection, found, book, NOW)
        yield connection


def test_tables_are_empty_and_described_as_their_files_say(book: Folder) -> None:
    files = sqlgraph.read_folder("main")
    with next_build(book) as connection:
        assert outgoing_tables.lay(connection, book) == {file.table for file in files}
        laid = set(connection.execute(COMMENTS).fetchall())
        assert connection.execute("select count(*) from main.people").fetchall() == [(0,)]
        for file in files:
            connection.execute(f"create or replace table {file.table} as from {file.table}")
            sqlgraph.describe(connection, file)
        assert laid == set(connection.execute(COMMENTS).fetchall())


@pytest.mark.parametrize(
    "change",
    [
        "update main.settings set sql_version = 'another'",
        "alter table main.settings drop column sql_version",
        "comment on column main.people.person_id is 'mine'",
        "alter table main.people add column mine integer",
        "create view main.mine as select 1 as one",
        "drop table main.people",
    ],
)
def test_nothing_is_taken_of_another_version_nor_of_a_changed_file(
    book: Folder, change: str
) -> None:
    with duckdb.connect(str(book.published)) as published:
        published.execute(change)
    with next_build(book) as connection:
        assert outgoing_tables.lay(connection, book) == set()
        assert connection.execute(COMMENTS).fetchall() == []


@pytest.mark.parametrize("content", [None, b"", b"no database"])
def test_a_file_that_is_missing_or_damaged_is_no_matter(
    book: Folder, content: bytes | None
) -> None:
    book.published.unlink()
    if content is not None:
        book.published.write_bytes(content)
    with next_build(book) as connection:
        assert outgoing_tables.lay(connection, book) == set()
