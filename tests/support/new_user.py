"""Somebody new with old files: no config, a data folder that is not there yet, and small books."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import cli
from tests.support import published_tables
from tests.support.demo_commands import Terminal

Kithbook = Callable[..., str]
"""`kithbook("import", path, code=0, typed=None)`: what it printed, data and words together."""


def card(name: str, *lines: str) -> str:
    """A card with a name and further lines."""
    given, _, family = name.rpartition(" ")
    inner = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", f"N:{family};{given};;;", *lines]
    return "\r\n".join([*inner, "END:VCARD", ""])


def meeting(uid: str, start: str, *people: str) -> str:
    """A lunch of an hour."""
    guests = "".join(f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{one}\r\n" for one in people)
    return (
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:{start}\r\n"
        f"DURATION:PT1H\r\nSUMMARY:Lunch\r\n{guests}END:VEVENT\r\n"
    )


def calendar(*events: str) -> str:
    """A file of these."""
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:t\r\n" + "".join(events) + "END:VCALENDAR\r\n"


def typist(
    folder: Path, capture: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch
) -> Kithbook:
    """Types commands for the book in `folder`/book, on 1 September 2026."""
    patch.setenv("TZ", "UTC")  # without a config the machine's own zone counts

    def run(*arguments: str, code: int = 0, typed: Sequence[str] | None = None) -> str:
        keyboard = io.StringIO() if typed is None else Terminal("".join(f"{x}\n" for x in typed))
        patch.setattr("sys.stdin", keyboard)
        base = ["--data", str(folder / "book")]
        found = cli.run([*base, "--as-of", "2026-09-01", *arguments])
        said = capture.readouterr()
        assert found == code, said
        return said.out + said.err

    return run


def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of the published file."""
    with published_tables.looking(folder / "book") as book:
        return book.execute(sql).fetchall()


def in_state(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of the state file."""
    with duckdb.connect(str(folder / "book" / "state.duckdb"), read_only=True) as state:
        return state.execute(sql).fetchall()


def people(folder: Path) -> list[str]:
    """Everybody's name."""
    rows = query(folder, "select display_name from people where not is_owner order by all")
    return [row[0] for row in rows]


def tables(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All that is published, but for what it was made of: numbers once given are not taken back."""
    names = query(
        folder,
        "select table_name from duckdb_tables() where schema_name = 'main'"
        " and table_name not in ('freshness') order by 1",
    )
    said = "columns(lambda one: one not in ('made_of', 'record_keys'))"
    return {
        name: query(folder, f'select {said} from main."{name}" order by all') for (name,) in names
    }
