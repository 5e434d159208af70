"""What is printed and written: strangers' texts on terminals, in spreadsheets and calendar apps.

A name may hold whatever its writer liked. On a terminal nothing of it acts; in a file it stands as
it is; a spreadsheet computes nothing from it; a task's title is one line.
"""

import csv
import io
import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipeline import cli
from pipeline.terminal.printing import json_line, json_text
from pipeline.terminal.spreadsheet_csv import as_csv
from pipeline.terminal.terminal_text import harmless, plain
from tests.support.demo_commands import Hand
from tests.support.paths import ROOT

TRICKS = {
    "escape": "\x1b[2J\x1b]0;owned\x07",
    "backspace": "safe\x08\x08\x08\x08evil",
    "return": "safe\revil",
    "c1 csi": "\x9b31m",
    "nel": "a\u0085b",
    "delete": "a\x7fb",
    "bidi override": "\u202egpj.exe",
    "bidi isolate": "\u2066abc\u2069",
    "mark": "a\u200fb",
    "zero width": "A\u200bna",
    "joiner in latin": "A\u200dna",
    "non-joiner in latin": "A\u200cna",
    "selector in latin": "A\ufe0fna",
    "word joiner": "A\u2060na",
    "soft hyphen": "A\u00adna",
    "mark of order": "\ufeffAna",
    "filler": "A\u3164na",
    "grapheme joiner": "A\u034fna",
    "tag": "A\U000e0041na",
    "variation": "A\U000e0100na",
    "line": "a\u2028b",
    "paragraph": "a\u2029b",
    "private": "a\ue000b",
    "surrogate": "a\ud800b",
}

HARMLESS = {
    "emoji": "\U0001f469\u200d\U0001f4bb",
    "flag": "\u2764\ufe0f",
    "persian": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "hindi": "\u0915\u094d\u200d\u0937",
    "accents": "Zoe\u0308 O\u2019Neil \u5c71",
}


def acts(text: str) -> list[str]:
    """What in a text a terminal would act on, or show as nothing; line ends are allowed."""
    marks = {one for trick in TRICKS.values() for one in trick if not one.isalnum()}
    return [one for one in text if one in marks and not (one.isascii() and one.isprintable())]


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
def test_nothing_hidden_reaches_a_terminal(trick: str) -> None:
    assert not acts(plain(trick))
    assert "\n" not in plain(trick)
    shown = harmless(f"before\n{trick}\nafter\n")
    assert not acts(shown)
    assert shown.count("\n") == 3


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
def test_json_says_the_same_to_a_program_and_nothing_to_a_terminal(trick: str) -> None:
    for text in (json_text({"name": trick}), json_line({"name": trick})):
        assert not acts(text.replace("\n", ""))
        assert json.loads(text) == {"name": trick}
    assert json.loads(harmless(json_text([trick]))) == [trick]


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_what_other_scripts_need_is_shown(text: str) -> None:
    assert plain(text) == text
    assert harmless(text) == text
    assert json.loads(json_text(text)) == text


# --- on a real terminal -----------------------------------------------------------------------

PROGRESS = re.compile(r"\r[\w ·/,]*\x1b\[K")
"""The line that says how far an import is, which is ours."""

PAINTED = re.compile(r"^\x1b\[(?:1|2|33|36)m([^\x1b]*)\x1b\[0m$", re.MULTILINE)
"""A whole line in a style of ours; what stands in it has none."""

NAME = "Ana \x1b[31m\x9b31m\u0085\u202eevil\u202c\u200b\x7f\x07 Lima"


@pytest.fixture(scope="module")
def odd_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with one odd name in it, and a list for tasks."""
    folder = tmp_path_factory.mktemp("odd") / "book"
    (folder / "tasks" / "Follow-ups").mkdir(parents=True)
    folder.chmod(0o700)
    card = f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u1\r\nFN:{NAME}\r\nN:;{NAME};;;\r\n"
    card += f"EMAIL:ana@example.org\r\nNOTE:{NAME}\r\nEND:VCARD\r\n"
    (folder / "cards.vcf").write_bytes(card.encode())
    (folder / "config.toml").write_text(
        'data = "."\n[owner.me]\nemails = ["me@example.org"]\n'
        '[source.cards]\ntype = "vcard"\npath = "cards.vcf"\n'
        '[source.tasks]\ntype = "ical"\npath = "tasks"\n'
        '[tasks]\nsource = "tasks"\nlist = "Follow-ups"\n',
        "utf-8",
    )
    place = ["--config", str(folder / "config.toml"), "--as-of", "2026-09-01"]
    assert cli.run([*place, "sync"]) == 0
    return folder


@pytest.fixture
def odd(
    odd_book: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Hand:
    """That book as one's own."""
    for name in ("KITHBOOK_CONFIG", "KITHBOOK_DATA"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(odd_book, tmp_path / "book")
    return Hand(tmp_path / "book", capsys, monkeypatch, as_of="2026-09-01")


def on_a_terminal(folder: Path, *arguments: str) -> str:
    """What a command writes to a terminal, on either stream."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "pipeline.cli", "--config", str(folder / "config.toml")]
    process = subprocess.Popen(
        [*command, "--as-of", "2026-09-01", *arguments],
        cwd=ROOT,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    os.close(slave)
    said = b""
    deadline = time.monotonic() + 500
    while time.monotonic() < deadline:
        if select.select([master], [], [], 0.2)[0]:
            try:
                said += os.read(master, 65536)
            except OSError:  # the terminal's other end is closed: the command has ended
                break
    os.close(master)
    process.wait(60)
    return said.decode()


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "--csv", "select display_name from people"),
        ("query", "--csv", "--exact", "select display_name from people"),
        ("query", "--json", "select display_name from people"),
        ("query", "select display_name from people"),
        ("query", "select chr(27) || '[2J' as a, chr(155) as b"),
        ("query", f'select 1 as "{NAME}"'),
        ("query", f"select {NAME}"),
        ("export", "people"),
        ("export", "people", "--format", "json"),
        ("export", "people", "--format", "vcard"),
        ("show", "ana@example.org"),
        ("show", NAME),
        ("import", "--dry-run", "--json", "cards.vcf"),
        ("import", "--dry-run", "cards.vcf"),
        (NAME,),
        ("--as-of", NAME, "due"),
        ("mute", "ana@example.org"),
        ("review", "--json"),
    ],
    ids=lambda one: " ".join(one)[:40].encode("ascii", "backslashreplace").decode(),
)
def test_no_command_passes_a_trick_on_to_the_terminal(
    odd: Hand, arguments: tuple[str, ...]
) -> None:
    paths = [str(odd.folder / one) if one == "cards.vcf" else one for one in arguments]
    said = on_a_terminal(odd.folder, *paths)
    assert said
    said = PAINTED.sub(r"\1", PROGRESS.sub("", said.replace("\r\n", "\n")))
    assert not acts(said.replace("\n", "")), repr(said)


def test_what_goes_to_a_file_or_a_program_is_exact(odd: Hand) -> None:
    """What a card says stands as it was written; only what a person is called is made fit."""
    query = "select value from contact_details where field = 'name' and value like '%Lima%'"
    ((name,), *_) = odd.rows(query)
    assert "\u202e" in name
    found = odd.ok("query", "--csv", f"{query} limit 1").out
    assert list(csv.reader(io.StringIO(found))) == [["value"], [name]]
    odd.ok("export", "contact_details", str(odd.folder / "details.csv"))
    assert name in (odd.folder / "details.csv").read_text("utf-8")


def test_title_of_a_task_is_one_line_without_tricks(odd: Hand) -> None:
    odd.ok("every", "ana@example.org", "2", "weeks")
    odd = replace(odd, as_of="2026-12-01")
    odd.ok("sync")
    titles = [row[0] for row in odd.rows("select title from follow_ups")]
    assert titles
    for title in titles:
        assert not acts(title)
        assert title.isprintable()
        assert "Lima" in title
    bodies = [one.read_text("utf-8") for one in (odd.folder / "tasks").rglob("*.ics")]
    summaries = [line for body in bodies for line in body.splitlines() if "SUMMARY" in line]
    assert summaries
    assert all(line.isprintable() for line in summaries)


@pytest.mark.parametrize("trick", [one for one in TRICKS.values() if "\ud800" not in one])
def test_sql_cleans_a_title_as_python_cleans_a_line(trick: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        connection.execute((ROOT / "sql" / "macros.sql").read_text("utf-8"))
        row = connection.execute("select raw.one_line(?)", [trick]).fetchone()
    assert row is not None
    title = row[0]
    left = [one for one in acts(title) if one not in "\u200c\u200d\ufe0f\ue000"]
    assert left == []
    assert title


# --- spreadsheets -----------------------------------------------------------------------------


def cell(value: object, *, exact: bool = False) -> str:
    """The one cell, as it stands in the CSV."""
    return as_csv(["a"], [[value]], exact=exact).removeprefix("a\n").removesuffix("\n")


@pytest.mark.parametrize("sign", "=+-@\uff1d\uff0b\uff0d\uff20")
@pytest.mark.parametrize("before", ["", " ", "\t", "\r", "\n", "a\n", "a\t", "a;", "a; ", "\ufeff"])
def test_no_cell_is_a_formula(sign: str, before: str) -> None:
    value = f"{before}{sign}cmd|' /C calc'!A0"
    (found,) = next(csv.reader(io.StringIO(cell(value), newline="")))
    for separator in "\n\r\t;":
        for part in found.split(separator):
            assert part.strip(" \t\r\n\ufeff")[:1] != sign, found
    assert found.replace("'", "") == value.replace("'", ""), "nothing else is changed"
    (exact,) = next(csv.reader(io.StringIO(cell(value, exact=True), newline="")))
    assert exact == value


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Ana", '"Ana"'),
        ('say "hi"', '"say ""hi"""'),
        ("a;b, c", '"a;b, c"'),
        ("", '""'),
        (None, ""),
        (-3, "-3"),
        (2.5, "2.5"),
        (True, "true"),
        (["=1", "b"], '"[""=1"", ""b""]"'),
        ("\tAna", '"\'\tAna"'),
        ("1-2", '"1-2"'),
    ],
)
def test_texts_are_quoted_and_numbers_are_not(value: object, written: str) -> None:
    assert cell(value) == written


def test_heads_are_no_formulas_either() -> None:
    assert as_csv(["plain", "=1+1", "a;=2"], []) == 'plain,"\'=1+1","a;\'=2"\n'


def test_long_runs_of_blanks_take_no_time() -> None:
    """Each is looked at once: a note of line ends alone would otherwise take minutes."""
    assert cell("\n" * 200_000 + "=1").endswith("\n'=1\"")
