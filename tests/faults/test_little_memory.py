"""Little memory where it can be, and never an error for want of it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from connectors.errors import machine_error
from pipeline import config
from pipeline.book import (
    body_store,
    duckdb_instances,
    free_memory,
    memory_bounds,
    sqlgraph,
    state_file,
    store,
)
from pipeline.book.folder import Folder
from pipeline.sync import run
from tests.unit.sync.test_pull import CONFIG, card, event

pytestmark = pytest.mark.builds_anew
NOW = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> config.Config:
    (tmp_path / "cards").mkdir()
    (tmp_path / "meetings" / "work").mkdir(parents=True)
    (tmp_path / "config.toml").write_text(CONFIG)
    (tmp_path / "cards" / "a.vcf").write_text(card("Ana Lima", "ana@example.org"))
    (tmp_path / "meetings" / "work" / "m.ics").write_text(event("m", "20260801T090000Z"))
    return config.load(tmp_path / "config.toml")


@pytest.mark.parametrize("command", [["due"], ["build"]])
def test_too_few_addresses_are_a_message(tmp_path: Path, command: list[str]) -> None:
    """DuckDB ends the process without a word otherwise."""
    limited = f'ulimit -v 524288; exec "{sys.executable}" -m pipeline.cli "$@"'
    done = subprocess.run(
        ["sh", "-c", limited, "sh", "--data", str(tmp_path / "book"), *command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 5
    assert "`ulimit -v` allows 512.0 MB of addresses" in done.stderr
    assert "MemoryMax=" in done.stderr


@pytest.mark.parametrize("error", [MemoryError(), duckdb.OutOfMemoryException("x")])
def test_want_of_memory_is_no_bug(error: Exception) -> None:
    told = machine_error(error)
    assert told
    assert told.exit_code == 5


def people(settings: config.Config) -> list[tuple[str]]:
    with duckdb.connect(str(Folder(settings.data).published), read_only=True) as connection:
        return connection.execute("select display_name from people").fetchall()


@pytest.fixture
def made(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A build that has begun."""
    folder = Folder(tmp_path)
    state_file.open_state(folder).close()
    with store.open_next(folder, "UTC") as connection:
        yield connection


def limit_of(connection: duckdb.DuckDBPyConnection) -> str:
    return str((connection.execute("select current_setting('memory_limit')").fetchone() or "")[0])


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The limit under which each table was begun."""
    found: list[str] = []
    create = sqlgraph.create

    def noted(connection: duckdb.DuckDBPyConnection, file: sqlgraph.SqlFile) -> int:
        found.append(limit_of(connection))
        return create(connection, file)

    monkeypatch.setattr(sqlgraph, "create", noted)
    return found


@pytest.mark.parametrize(
    ("free", "bound"), [(None, "160MB"), (300_000_000, "160MB"), (4_000_000_000, "1000MB")]
)
def test_a_quarter_of_what_is_free_bounds_a_build(
    monkeypatch: pytest.MonkeyPatch, free: int | None, bound: str
) -> None:
    monkeypatch.setattr(free_memory, "free_bytes", lambda: free)
    assert memory_bounds.build_memory() == bound


def test_each_table_is_built_within_that(
    settings: config.Config, limits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(free_memory, "free_bytes", lambda: 1_600_000_000)
    run.sync(settings, NOW)
    assert people(settings) == [("Ana Lima",)]
    assert set(limits) == {"381.4 MiB"}


def test_a_table_that_needs_more_than_was_thought_gets_it(
    settings: config.Config, limits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_bounds, "build_memory", lambda: "4MB")
    run.sync(settings, NOW)
    assert people(settings) == [("Ana Lima",)]
    more = [limit for limit in limits if limit != "3.8 MiB"]
    assert 0 < len(more) < len(limits) / 2


@pytest.mark.parametrize(("rows", "steps"), [(10, 1), (60_000, 2), (300_000, 3)])
def test_what_is_large_gets_more_memory_and_then_all_there_is(
    made: duckdb.DuckDBPyConnection, rows: int, steps: int
) -> None:
    limits: list[str] = []

    def large() -> None:
        limits.append(limit_of(made))
        made.execute(
            f"create table large as select string_agg(repeat('x', 1000)) as text from range({rows})"
        )

    before = limit_of(made)
    with memory_bounds.little_memory(made):
        memory_bounds.in_little_memory(made, large)
        assert limit_of(made) == "152.5 MiB"
    assert limits == ["152.5 MiB", "305.1 MiB", before][:steps]
    assert made.execute("select length(text) from large").fetchone() == (rows * 1001 - 1,)
    assert limit_of(made) == before


def test_what_begins_with_much_gets_all_there_is_next(made: duckdb.DuckDBPyConnection) -> None:
    limits: list[str] = []

    def large() -> None:
        limits.append(limit_of(made))
        if len(limits) == 1:
            raise duckdb.OutOfMemoryException("no more")

    before = limit_of(made)
    with memory_bounds.little_memory(made, "400MB"):
        memory_bounds.in_little_memory(made, large)
        assert limit_of(made) == "381.4 MiB"
    assert limits == ["381.4 MiB", before]


@pytest.mark.parametrize(
    ("told", "times"),
    [
        (duckdb.OutOfMemoryException("no more"), 2),
        (duckdb.TransactionException("Failed to commit: failed to pin block"), 2),
        (duckdb.ConstraintException("something else"), 1),
    ],
)
def test_only_want_of_memory_is_a_reason_to_try_again(
    made: duckdb.DuckDBPyConnection, told: duckdb.Error, times: int
) -> None:
    """A commit that fails for it tells so as a transaction that failed."""
    count = 0

    def make() -> None:
        nonlocal count
        count += 1
        made.execute("create table t as select 1 as a")
        if count == 1:
            raise told

    before = limit_of(made)
    with (
        nullcontext() if times == 2 else pytest.raises(duckdb.ConstraintException),
        memory_bounds.little_memory(made),
    ):
        memory_bounds.in_little_memory(made, make)
    assert count == times
    found = made.execute("select count(*) from duckdb_tables() where table_name = 't'").fetchone()
    assert found == (times - 1,)
    assert limit_of(made) == before


def test_what_is_on_disk_does_not_stay_in_memory(tmp_path: Path) -> None:
    connection = state_file.open_state(Folder(tmp_path))
    limit = connection.execute("select current_setting('memory_limit')").fetchone()
    with duckdb_instances.transaction(connection):
        body_store.keep(connection, [bytes([n]) * 1_000_000 for n in range(60)])
    used = "select sum(memory_usage_bytes) from duckdb_memory()"
    (before,) = connection.execute(used).fetchone() or (0,)
    memory_bounds.release_memory(connection)
    (after,) = connection.execute(used).fetchone() or (0,)
    assert before > 40_000_000
    assert after < 17_000_000
    assert connection.execute("select current_setting('memory_limit')").fetchone() == limit
    connection.close()


def test_what_a_push_looks_up_does_not_drive_the_layers_to_the_disk(tmp_path: Path) -> None:
    state_file.open_state(Folder(tmp_path)).close()
    with store.open_next(Folder(tmp_path), "UTC") as connection:
        connection.execute("create table layers.raw.large as select range as a from range(4000000)")
        with store.state_for_writing(connection, Folder(tmp_path)):
            memory_bounds.release_memory(connection)
        spilled = connection.execute("from duckdb_temporary_files()").fetchall()
        assert spilled == []
