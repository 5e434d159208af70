"""Little memory where it can be, and never an error for want of it."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipeline import bodies, build, config, run, store
from pipeline.folder import Folder
from tests.test_pull import CONFIG, card, event

NOW = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> config.Config:
    (tmp_path / "cards").mkdir()
    (tmp_path / "meetings" / "work").mkdir(parents=True)
    (tmp_path / "config.toml").write_text(CONFIG)
    (tmp_path / "cards" / "a.vcf").write_text(card("Ana Lima", "ana@example.org"))
    (tmp_path / "meetings" / "work" / "m.ics").write_text(event("m", "20260801T090000Z"))
    return config.load(tmp_path / "config.toml")


def people(settings: config.Config) -> list[tuple[str]]:
    with duckdb.connect(str(Folder(settings.data).published), read_only=True) as connection:
        return connection.execute("select display_name from people").fetchall()


@pytest.mark.parametrize(("least", "builds"), [(1, 1), (4 << 20, 2)])
def test_a_build_that_needs_more_than_was_thought_gets_it(
    settings: config.Config, monkeypatch: pytest.MonkeyPatch, least: int, builds: int
) -> None:
    limits: list[str] = []
    make = build.build

    def noted(connection: duckdb.DuckDBPyConnection, *rest: object) -> None:
        (limit,) = connection.execute("select current_setting('memory_limit')").fetchone() or ("",)
        limits.append(limit)
        make(connection, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(build, "build", noted)
    monkeypatch.setattr(store, "BUILD_MEMORY", least)
    monkeypatch.setattr(store, "BUILD_MEMORY_PER_ROW", 0)
    run.sync(settings, NOW)
    assert people(settings) == [("Ana Lima",)]
    assert len(limits) == builds
    assert limits[-1].endswith("GiB")
    assert limits[:-1] in ([], ["4.0 MiB"])


@pytest.mark.parametrize(
    ("told", "builds"),
    [
        (duckdb.OutOfMemoryException("no more"), 2),
        (duckdb.TransactionException("Failed to commit: failed to pin block"), 2),
        (duckdb.ConstraintException("something else"), 1),
    ],
)
def test_a_build_is_made_again_only_for_want_of_memory(
    settings: config.Config, monkeypatch: pytest.MonkeyPatch, told: duckdb.Error, builds: int
) -> None:
    count = 0
    make = build.build

    def failing_once(*rest: object) -> None:
        nonlocal count
        count += 1
        if count == 1:
            raise told
        make(*rest)  # type: ignore[arg-type]

    monkeypatch.setattr(build, "build", failing_once)
    if builds == 1:
        with pytest.raises(duckdb.ConstraintException):
            run.sync(settings, NOW)
    else:
        run.sync(settings, NOW)
        assert people(settings) == [("Ana Lima",)]
    assert count == builds


def test_a_build_is_bounded_by_what_such_a_book_has_needed(settings: config.Config) -> None:
    run.sync(settings, NOW)
    connection = store.open_next(Folder(settings.data), "UTC")
    store.bound_memory(connection)
    (limit,) = connection.execute("select current_setting('memory_limit')").fetchone() or ("",)
    connection.close()
    assert limit == "160.0 MiB"


def test_what_is_on_disk_does_not_stay_in_memory(tmp_path: Path) -> None:
    connection = store.open_state(Folder(tmp_path))
    limit = connection.execute("select current_setting('memory_limit')").fetchone()
    with store.transaction(connection):
        bodies.keep(connection, [bytes([n]) * 1_000_000 for n in range(60)])
    used = "select sum(memory_usage_bytes) from duckdb_memory()"
    (before,) = connection.execute(used).fetchone() or (0,)
    store.let_go(connection)
    (after,) = connection.execute(used).fetchone() or (0,)
    assert before > 40_000_000
    assert after < 17_000_000
    assert connection.execute("select current_setting('memory_limit')").fetchone() == limit
    connection.close()
