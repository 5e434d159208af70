"""What `query` and `rejects` print: on a terminal for people, as JSON and CSV for programs."""

import csv
import errno
import io
import json
import os
import pty
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipeline.commands.query import distinct
from pipeline.terminal import printing
from tests.support.demo_commands import Hand
from tests.support.paths import ROOT


def strict(text: str) -> object:
    """JSON as RFC 8259 has it: Python alone takes NaN and Infinity for numbers."""

    def refuse(word: str) -> None:
        raise AssertionError(word)

    return json.loads(text, parse_constant=refuse)


# --- query --------------------------------------------------------------------------------


def test_json_has_no_number_that_json_has_not(hand: Hand) -> None:
    asked = (
        "select 'inf'::double as one, [1.5, 'nan'::float] as many, {'deep': '-inf'::double} as deep"
    )
    assert strict(hand.ok("query", "--json", asked).out) == [
        {"one": None, "many": [1.5, None], "deep": {"deep": None}}
    ]


def test_json_takes_whatever_duckdb_gives(hand: Hand) -> None:
    asked = (
        "select 2.50 as price, 12345678901234567890.123456789 as exact, '\\x00a'::blob as bytes,"
        " map {date '2026-01-02': 1} as days, date '2026-01-02' as day, null as nothing,"
        " 'a\\u009b31m'::varchar || chr(155) || chr(917569) as odd"
    )
    said = hand.ok("query", "--json", asked)
    assert strict(said.out) == [
        {
            "price": 2.5,
            "exact": "12345678901234567890.123456789",
            "bytes": "\\x00a",
            "days": {"2026-01-02": 1},
            "day": "2026-01-02",
            "nothing": None,
            "odd": "a\\u009b31m\x9b\U000e0041",
        }
    ]
    assert "\x9b" not in said.out
    assert "\U000e0041" not in said.out


def test_json_keeps_columns_of_one_name(hand: Hand) -> None:
    asked = "select 1 as a, 2 as a, 3 as a_1, 4 as b"
    assert strict(hand.ok("query", "--json", asked).out) == [{"a": 1, "a_2": 2, "a_1": 3, "b": 4}]
    assert hand.ok("query", "--csv", asked).out == "a,a,a_1,b\n1,2,3,4\n"
    assert distinct(["a", "b", "a", "a"]) == ["a", "b", "a_1", "a_2"]


def test_two_forms_at_once_are_refused(hand: Hand) -> None:
    for command in (["query", "select 1"], ["rejects"]):
        said = hand.kithbook(*command, "--json", "--csv")
        assert (said.code, said.out) == (2, "")
        assert "--json and --csv do not go together." in said.err


def test_a_mistake_in_sql_says_where_the_tables_are_told_of(hand: Hand) -> None:
    said = hand.kithbook("query", "select nothing from ties")
    assert said.code == 2
    assert "docs/" not in said.err
    asked = [part.removeprefix('kithbook query "')[:-1] for part in said.err.split("`")[1::2]]
    tables, columns = (hand.ok("query", sql, "--json").out for sql in asked)
    assert {"people", "ties"} <= {one["table_name"] for one in json.loads(tables)}
    assert all(one["comment"] for one in json.loads(columns))


def test_values_read_as_the_shell_of_duckdb_prints_them(hand: Hand) -> None:
    asked = "select true as yes, ['a', 'b'] as many, null as nothing, [false, null] as more"
    row = hand.ok("query", asked).out.splitlines()[2]
    assert row.split("  ")[0] == "true"
    assert "[a, b]" in row
    assert "[false, NULL]" in row
    assert (
        hand.ok("query", "--csv", "select true as yes, false as no").out == "yes,no\ntrue,false\n"
    )


def test_nothing_is_cut_off_where_no_terminal_is_too_narrow(hand: Hand) -> None:
    asked = f"select '{'x' * 300}' as long, 1 as short"
    assert "x" * 300 in hand.ok("query", asked).out


def read_some(terminal: int) -> bytes:
    """What is shown next; nothing once the other end is closed, which Linux calls an error."""
    try:
        return os.read(terminal, 65536)
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        return b""


def on_a_terminal(folder: Path, columns: int, *arguments: str) -> str:
    """What the command shows on a terminal of this width."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "pipeline.cli", "--data", str(folder), *arguments]
    environment = {**os.environ, "COLUMNS": str(columns), "KITHBOOK_CONFIG": str(folder / "none")}
    with subprocess.Popen(
        command, cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, env=environment
    ) as process:
        os.close(slave)
        shown = b"".join(iter(lambda: read_some(master), b""))
        assert process.wait() == 0
    os.close(master)
    return shown.decode().replace("\r\n", "\n")


def test_a_terminal_that_is_too_narrow_wraps_between_words_and_cuts_nothing(hand: Hand) -> None:
    asked = f"select '{'word ' * 30}' as long, 1 as short"
    narrow = on_a_terminal(hand.folder, 60, "query", asked)
    assert narrow.count("word") == 30
    assert all(len(line) <= 60 for line in narrow.splitlines())
    assert "word " * 20 in on_a_terminal(hand.folder, 200, "query", asked)


def test_a_table_of_too_many_columns_for_the_terminal_is_told_row_by_row(hand: Hand) -> None:
    names = [f"column_{number}" for number in range(12)]
    asked = "select " + ", ".join(f"{number} as {name}" for number, name in enumerate(names))
    shown = on_a_terminal(hand.folder, 60, "query", asked).splitlines()
    assert shown[:12] == [f"{name:<9}  {number}" for number, name in enumerate(names)]


# --- rejects ------------------------------------------------------------------------------

REASON = "no property name and colon"


@pytest.fixture
def odd(hand: Hand, tmp_path: Path) -> Hand:
    """With a folder and a .zip that hold two files, each with a line that is none."""
    folder = tmp_path / "old books"
    folder.mkdir()
    for name in ("work", "home"):
        (folder / f"{name}.vcf").write_text(
            f"BEGIN:VCARD\r\nVERSION:2.1\r\nN:{name};Zoe\r\nBDAY:{'long ago ' * 12}\r\n"
            f"EMAIL:zoe@{name}.example\r\nnonsense\r\nEND:VCARD\r\n"
        )
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"exports/{path.name}")
    hand.ok("import", str(folder), str(tmp_path / "old.zip"))
    return hand


def test_rejects_name_the_file_inside_a_folder_or_archive(odd: Hand) -> None:
    said = odd.ok("rejects").out
    for name in ("home.vcf", "work.vcf", "exports/home.vcf", "exports/work.vcf"):
        assert f"  {name}: {REASON}" in said, name


def test_rejects_are_told_in_full(odd: Hand) -> None:
    found = strict(odd.ok("rejects", "--json").out)
    rows = list(csv.DictReader(io.StringIO(odd.ok("rejects", "--csv").out)))
    ((number,),) = odd.rows("select count(*) from rejects")
    assert isinstance(found, list)
    assert len(found) == len(rows) == number
    assert list(rows[0]) == list(found[0])
    names = odd.rows("select column_name from duckdb_columns() where table_name = 'rejects'")
    assert {name for (name,) in names} >= set(found[0])
    assert {"source", "collection", "href", "position", "reason", "rejected_at"} <= set(found[0])
    assert [one["reason"] for one in found] == [one["reason"] for one in rows]
    assert "is not a date; it is kept as a text\n" in odd.ok("rejects").out
    narrow = on_a_terminal(odd.folder, 80, "rejects")
    assert all(len(line) <= 80 for line in narrow.splitlines())


# --- the words of it ----------------------------------------------------------------------


def test_plain_json_of_keys_that_are_no_texts() -> None:
    assert strict(printing.json_text({1: float("inf"), None: {2.5: b"\\"}})) == {
        "1": None,
        "None": {"2.5": "\\x5C"},
    }
