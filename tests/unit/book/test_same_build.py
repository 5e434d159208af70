"""Two builds of the same input on the same day are equal in every row of every table."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipeline import config
from pipeline.book import build, sqlgraph, state_file, store
from pipeline.book.folder import Folder
from tests.support.demo_commands import copy_book

pytestmark = pytest.mark.builds_anew
NOW = datetime(2026, 11, 18, 6, tzinfo=UTC)


def build_beside(folder: Path, name: str, threads: int, *, planned: bool) -> Path:
    """Build the book of a folder, its layers into a file of their own."""
    book, found = Folder(folder), config.load(folder / "config.toml")
    state_file.open_state(book).close()
    layers = folder / name
    connection = store.open_next(book, found.owner.time_zone, layers)
    connection.execute(f"set threads = {threads}")
    connection.execute(f"set enable_optimizer = {planned}")
    build.build(connection, found, book, NOW)
    build.keep_raw(connection)
    build.keep_main(connection)
    connection.close()
    return layers


def differences(one: Path, other: Path) -> list[str]:
    """The tables that are not the same in both, order within lists included."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach {sqlgraph.quoted(str(one))} as one (read_only)")
        connection.execute(f"attach {sqlgraph.quoted(str(other))} as other (read_only)")
        return [
            file.table
            for file in sqlgraph.read_layers()
            if connection.execute(
                f'(from one.{file.schema}."{file.name}" except all'
                f' from other.{file.schema}."{file.name}") union all'
                f' (from other.{file.schema}."{file.name}" except all'
                f' from one.{file.schema}."{file.name}") limit 1'
            ).fetchall()
        ]


def test_builds_are_equal_whatever_the_threads_the_plans_and_the_order_of_the_rows(
    demo_book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "book"
    copy_book(demo_book, folder)
    first = build_beside(folder, "first.duckdb", 1, planned=False)
    assert differences(first, build_beside(folder, "again.duckdb", 1, planned=True)) == []
    assert differences(first, build_beside(folder, "two.duckdb", 2, planned=False)) == []
    # Threads hand rows on in any order; a few thousand rows go through one: so mix them.
    for tables in ("COPIED", "SEEN"):
        mixed = {
            table: f"select * from ({query}) as found order by hash(found::varchar)"
            for table, query in getattr(build, tables).items()
        }
        monkeypatch.setattr(build, tables, mixed)
    assert differences(first, build_beside(folder, "mixed.duckdb", 2, planned=True)) == []
