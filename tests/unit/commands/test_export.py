"""`kithbook export`: tables as files, people as vCards that come back the same."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import duckdb
import icalendar
import pytest
import recurring_ical_events

from pipeline import cli
from pipeline.commands import export, export_vcards

Kithbook = Callable[..., str]

UID = "3f2504e0-4f89-11d3-9a0c-0305e82c33"
CARDS = (
    f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{UID}0a\r\nFN:Ana Lima\r\nN:Lima;Ana;;;\r\n"
    "EMAIL;TYPE=HOME:ana@example.org\r\nTEL;TYPE=CELL:+351 912 345 678\r\nBDAY:--0412\r\n"
    "NOTE:One\\, two\\nthree\r\nCATEGORIES:Friends,Choir\r\nADR:;;Rua 1;Porto;;4000;PT\r\n"
    "X-SPECIAL:kept\r\nEND:VCARD\r\n"
    f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{UID}0b\r\nFN:Lima\\, Ana\r\nN:Lima;Ana;;;\r\n"
    "EMAIL:ana@example.org\r\nORG:Barco;Crew\r\nTITLE:Skipper\r\nEND:VCARD\r\n"
    f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{UID}0c\r\nFN:=Rui; Costa\r\n"
    "N:Costa;=Rui\\;;;;\r\nTEL:+351 913 222 333\r\nEND:VCARD\r\n"
)


@pytest.fixture
def kithbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Kithbook:
    def run(*arguments: str, code: int = 0, book: str = "book") -> str:
        base = ["--data", str(tmp_path / book)]
        found = cli.run([*base, *arguments])
        said = capsys.readouterr()
        assert found == code, said
        return said.out

    (tmp_path / "c.vcf").write_text(CARDS)
    run("import", str(tmp_path / "c.vcf"))
    return run


def test_people_as_vcards_come_back_the_same(tmp_path: Path, kithbook: Kithbook) -> None:
    first, second = tmp_path / "one.vcf", tmp_path / "two.vcf"
    kithbook("export", "people", str(first))
    kithbook("import", str(first), book="other")
    kithbook("export", "people", str(second), book="other")
    as_read = [
        sorted(kithbook("import", "--dry-run", "--json", str(path)).splitlines())
        for path in (first, second)
    ]
    assert as_read[0] == as_read[1]
    assert len(as_read[0]) == 2
    ana = next(card for line in as_read[0] if (card := json.loads(line))["given"] == "Ana")
    assert (ana["fn"], ana["org"], ana["department"], ana["title"]) == (
        *("Ana Lima", "Barco", "Crew", "Skipper"),
    )
    assert (ana["birthday"], ana["note"]) == ("--04-12", "One, two\nthree")
    assert (ana["emails"], sorted(ana["categories"])) == (["ana@example.org"], ["Choir", "Friends"])
    assert "X-SPECIAL:kept" in first.read_text()
    assert stat.S_IMODE(first.stat().st_mode) == 0o600


def test_importing_ones_own_export_makes_nobody_new(tmp_path: Path, kithbook: Kithbook) -> None:
    kithbook("export", "people", str(tmp_path / "mine.vcf"))
    kithbook("import", str(tmp_path / "mine.vcf"))
    out = kithbook("query", "--json", "select display_name from people where not is_owner")
    assert len(json.loads(out)) == 2


def test_a_table_goes_to_the_screen_or_a_file(tmp_path: Path, kithbook: Kithbook) -> None:
    columns = kithbook("export", "people").splitlines()[0].split(",")
    assert "display_name" in columns
    assert "'=Rui; Costa" in kithbook("export", "people", "--format", "csv")
    assert len(json.loads(kithbook("export", "people", "--format", "json"))) == 2
    kithbook("export", "people", str(tmp_path / "p.parquet"))
    with duckdb.connect(":memory:") as memory:
        rows = memory.execute(f"from '{tmp_path / 'p.parquet'}'").fetchall()
    assert len(rows) == 2


@pytest.mark.parametrize("form", ["csv", "json", "vcard"])
def test_a_file_is_the_same_however_many_rows_are_taken_at_once(
    kithbook: Kithbook, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    whole = kithbook("export", "people", "--format", form)
    monkeypatch.setattr(export, "PAGE_ROWS", 1)
    monkeypatch.setattr(export_vcards, "PAGE_ROWS", 1)
    assert kithbook("export", "people", "--format", form) == whole
    if form == "json":
        assert json.loads(kithbook("export", "favours", "--format", "json")) == []


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("no_table",), "Take one of: backtest, "),
        (("people", "people.xlsx"), "End the file with .csv, .json, .parquet, .vcf or .ics"),
        (("ties", "--format", "vcard"), "kithbook export people people.vcf"),
        (("people", "--format", "parquet"), "kithbook export people people.parquet"),
    ],
)
def test_what_cannot_be_exported_says_what_can(
    kithbook: Kithbook,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: tuple[str, ...],
    hint: str,
) -> None:
    base = ["--data", str(tmp_path / "book")]
    assert cli.run([*base, "export", *arguments]) == 2
    said = capsys.readouterr()
    assert f"→ {hint}" in said.err
    assert said.out == ""


@pytest.mark.parametrize("name", ["people.csv", "people.json", "people.parquet", "people.vcf"])
def test_a_file_that_is_there_is_not_written_over_unasked(
    tmp_path: Path, kithbook: Kithbook, name: str
) -> None:
    mine = tmp_path / name
    mine.write_text("mine")
    mine.chmod(0o644)
    kithbook("export", "people", str(mine), code=2)
    assert mine.read_text() == "mine"
    kithbook("export", "people", str(mine), "--force")
    assert b"Ana" in mine.read_bytes()
    assert stat.S_IMODE(mine.stat().st_mode) == 0o600
    assert {one.name for one in tmp_path.iterdir()} == {"book", "c.vcf", name}


def test_a_folder_that_is_not_there_and_a_format_that_contradicts_the_ending(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    for name in ("people.csv", "people.parquet", "people.vcf"):
        kithbook("export", "people", str(tmp_path / "no" / name), code=2)
    kithbook("export", "people", str(tmp_path / "people.csv"), "--format", "json", code=2)
    assert not (tmp_path / "people.csv").exists()


def born(uid: str, name: str, birthday: str, *more: str) -> str:
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"UID:{UID}{uid}", f"FN:{name}", f"BDAY:{birthday}"]
    return "\r\n".join([*lines, *more, "END:VCARD", ""])


def test_birthdays_as_a_calendar_come_every_year_with_alarms_and_no_invented_year(
    tmp_path: Path, kithbook: Kithbook
) -> None:
    cards = (
        born("1a", "Leo Leap", "1992-02-29"),
        born("1b", "Ana, Lima", "--0412"),
        born("1c", "Gone Girl", "1950-05-05", "DEATHDATE:20200101"),
    )
    (tmp_path / "more.vcf").write_text("".join(cards))
    kithbook("import", str(tmp_path / "more.vcf"))
    target = tmp_path / "birthdays.ics"
    kithbook("export", "birthdays", str(target))
    calendar = icalendar.Calendar.from_ical(target.read_bytes())
    events = {str(one["SUMMARY"]): one for one in calendar.walk("VEVENT")}
    assert "Birthday: Leo Leap" in events
    assert not [title for title in events if "Gone" in title]
    leap = events["Birthday: Leo Leap"]
    assert str(leap["DESCRIPTION"]) == "Born in 1992."
    days = recurring_ical_events.of(calendar).between((2027, 1, 1), (2029, 1, 1))
    leaps = sorted(
        one["DTSTART"].dt.isoformat() for one in days if one["SUMMARY"] == leap["SUMMARY"]
    )
    assert leaps == ["2027-02-28", "2028-02-29"]
    for title, event in events.items():
        assert [one["TRIGGER"].to_ical() for one in event.walk("VALARM")] == [b"-P7D", b"PT9H"]
        if title != "Birthday: Leo Leap":
            assert "DESCRIPTION" not in event
    assert kithbook("export", "people", str(tmp_path / "people.ics"), code=2) == ""
