"""Nothing new, nothing built; and what of all is new enough."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline import config
from pipeline.book import decisions
from pipeline.book.decisions import Decision
from pipeline.book.folder import Folder
from pipeline.sync import run
from tests.support import published_tables
from tests.unit.sync.test_pull import CONFIG, card, event

MORNING = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)

BLOCK = 65536


def damage(path: Path, query: str) -> None:
    """Spoil that block of a published file of which DuckDB only hears when it runs the query."""
    whole = path.read_bytes()
    for start in range(3 * 4096, len(whole), BLOCK):
        spoilt = bytearray(whole)
        spoilt[start + 8 : start + 2008 : 7] = bytes(286)
        path.write_bytes(spoilt)
        try:
            with duckdb.connect(str(path), read_only=True) as connection:
                connection.execute(query).fetchall()
        except duckdb.Error:
            if opens(path):
                return
    pytest.fail("no block is read for that query alone")


def opens(path: Path) -> bool:
    try:
        duckdb.connect(str(path), read_only=True).close()
    except duckdb.Error:
        return False
    return True


def test_a_sync_publishes_when_something_is_new_and_only_then(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "meetings" / "work").mkdir(parents=True)
    (tmp_path / "config.toml").write_text(CONFIG)
    (tmp_path / "cards" / "a.vcf").write_text(card("Ana Lima", "ana@example.org"))
    (tmp_path / "meetings" / "work" / "m.ics").write_text(event("m", "20260901T090000Z"))

    def sync(now: datetime) -> bool:
        return run.sync(config.load(tmp_path / "config.toml"), now).has_published

    def say() -> None:
        decisions.append(book.path, Decision("pause", until_date=MORNING.date()), MORNING)

    def add_a_card() -> None:
        (tmp_path / "cards" / "b.vcf").write_text(card("Rui Costa", "rui@example.org"))

    def change_a_rule() -> None:
        with (tmp_path / "config.toml").open("a") as file:
            file.write("\n[rules]\ndue_soon_days = 9\n")

    def lose_the_book() -> None:
        book.published.unlink()

    def damage_the_book() -> None:
        damage(book.published, "from main.settings")

    def nothing() -> None:
        pass

    book = Folder(config.load(tmp_path / "config.toml").data)
    steps: list[tuple[Callable[[], None], float, bool]] = [
        (nothing, 0, True),
        (nothing, 1, False),
        (nothing, 4, True),  # the meeting of 9 o'clock is over
        (nothing, 5, False),
        (say, 5.1, True),
        (add_a_card, 5.2, True),
        (change_a_rule, 5.3, True),
        (lose_the_book, 5.4, True),
        (damage_the_book, 5.45, True),
        (nothing, 5.5, False),
        (nothing, 24, True),  # another day
    ]
    for step, hours, is_new in steps:
        step()
        assert sync(MORNING + timedelta(hours=hours)) is is_new, (step.__name__, hours)
    assert published_tables.rows(book.path, "select count(*) from raw.runs") == [(2 * len(steps),)]
