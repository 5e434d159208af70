"""How far an import has come, told on a terminal only; and what Ctrl-C leaves."""

import io
import sys
import time
from itertools import count
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.commands.import_ import progress
from pipeline.sync.pull_outcome import Outcome


class Terminal(io.StringIO):
    """A standard error that somebody looks at."""

    def isatty(self) -> bool:
        """It is one."""
        return True


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "old.vcf"
    path.write_bytes(b"BEGIN:VCARD\r\nFN:Ana\r\nEND:VCARD\r\n" * 30)
    return path


def look_at(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Makes a terminal of standard error, with a clock that shows one second more at each look."""
    monkeypatch.setattr(time, "monotonic", map(float, count(1)).__next__)
    monkeypatch.setattr(sys, "stderr", shown := Terminal())
    return shown


def test_items_their_rate_and_the_time_left_stand_on_one_line(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = look_at(monkeypatch)
    shown = progress.Progress([book])
    shown.page(Outcome("import/old", changed=6, unchanged=3, rejected=1))
    shown.end()
    line, cleared = terminal.getvalue().split("\r")[1:]
    rate = 10 / 3  # it began at 1, and is asked at 2, 3 and 4
    assert line == f"10 of about 30 · {rate:,.0f}/s · about {20 / rate:,.0f} s left \x1b[K"
    assert cleared == "\x1b[K"


def test_before_the_first_item_no_time_is_promised(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = look_at(monkeypatch)
    progress.Progress([book]).page(Outcome("import/old"))
    assert terminal.getvalue() == "\r0 of about 30 · 0/s \x1b[K"


def test_without_a_terminal_nothing_is_shown(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = progress.Progress([book])
    shown.page(Outcome("import/old", changed=10))
    shown.end()
    assert capsys.readouterr().err == ""


def test_an_interrupted_import_clears_its_line_and_says_what_stays(
    book: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(progress.Progress, "page", interrupted)
    monkeypatch.setattr(progress.Progress, "end", lambda _: print("cleared", file=sys.stderr))
    arguments = ["--data", str(tmp_path / "data"), "import", str(book), "--me", "me@example.org"]
    assert cli.run(arguments) == 130
    said = capsys.readouterr().err
    assert said.splitlines() == [
        "cleared",
        "",
        "kithbook: interrupted; what was published before stays.",
    ]
