"""The demo book in somebody's hand: commands as they are typed, and what they print."""

import io
import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli
from tests.support import published_tables

AS_OF = "2026-11-18"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed."""

    code: int
    out: str
    err: str


class Terminal(io.StringIO):
    """A keyboard with these lines typed already."""

    def isatty(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Hand:
    """A book of one's own; `kithbook(…)` types a command."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch
    as_of: str = AS_OF

    @property
    def place(self) -> list[str]:
        """What names the config."""
        return ["--config", str(self.folder / "config.toml")]

    def kithbook(self, *arguments: str, typed: Sequence[str] | None = None) -> Said:
        keyboard = io.StringIO() if typed is None else Terminal("".join(f"{x}\n" for x in typed))
        self.patch.setattr("sys.stdin", keyboard)
        self.capture.readouterr()
        code = cli.run([*self.place, "--as-of", self.as_of, *arguments])
        said = self.capture.readouterr()
        return Said(code, said.out, said.err)

    def ok(self, *arguments: str, typed: Sequence[str] | None = None) -> Said:
        said = self.kithbook(*arguments, typed=typed)
        assert said.code == 0, said.err
        return said

    def build(self) -> None:
        self.ok("build")

    def due(self) -> list[str]:
        """Whom `due` names for a check-in, a reunion or an introduction."""
        found = json.loads(self.ok("due", "--json").out)
        return [one["display_name"] for one in found if one["kind"] != "birthday"]

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Of the published file; schema raw is the state's."""
        return published_tables.rows(self.folder, query, values)

    def decisions(self) -> list[dict[str, Any]]:
        path = self.folder / "decisions.jsonl"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def lay_out(folder: Path) -> Path:
    """The demo in this folder, as `kithbook demo` lays it out."""
    assert cli.run(["--as-of", AS_OF, "demo", "--folder", str(folder)]) == 0
    return folder


def copy_book(book: Path, target: Path) -> None:
    """A book of its own for one test: what it damages is nobody else's."""
    shutil.copytree(book, target)


def bytes_hold(path: Path, text: str) -> bool:
    """Whether a file's bytes hold this text anywhere."""
    done = subprocess.run(
        ["grep", "-a", "-i", "-c", "-F", text, str(path)],
        capture_output=True,
        check=False,
    )
    return done.returncode == 0
