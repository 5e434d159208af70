"""Awkward clocks: the owner's zone decides which day it is, never the machine's."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.support.paths import ROOT

CONFIG = """
data = "book"
[owner.me]
emails = ["me@example.org"]
time_zone = "{zone}"
[source.cards]
type = "vcard"
path = "cards.vcf"
[source.meetings]
type = "ical"
path = "meetings.ics"
[source.tasks]
type = "ical"
path = "tasks"
[tasks]
source = "tasks"
"""

CARDS = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ana\r\nFN:Ana Lima\r\nN:Lima;Ana;;;\r\n"
    "EMAIL:ana@example.org\r\nBDAY:1996-02-29\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:rui\r\nFN:Rui Costa\r\nN:Costa;Rui;;;\r\n"
    "EMAIL:rui@example.org\r\nBDAY:--0229\r\nEND:VCARD\r\n"
)


def meeting(uid: str, start: str, email: str) -> str:
    return (
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20240101T000000Z\r\nDTSTART{start}\r\nDURATION:PT1H\r\n"
        f"SUMMARY:Lunch\r\nORGANIZER:mailto:me@example.org\r\n"
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:me@example.org\r\n"
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{email}\r\nEND:VEVENT\r\n"
    )


def lay_out(folder: Path, zone: str, *events: str) -> None:
    (folder / "tasks").mkdir()
    (folder / "config.toml").write_text(CONFIG.format(zone=zone))
    (folder / "cards.vcf").write_text(CARDS)
    (folder / "meetings.ics").write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:t\r\n" + "".join(events) + "END:VCALENDAR\r\n"
    )


def kithbook(folder: Path, as_of: str, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pipeline.cli", "--config", str(folder / "config.toml")),
            *("--as-of", as_of, *arguments),
        ],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def last_contacts(folder: Path, **environment: str) -> list[list[str]]:
    """Read by another process, in a zone of its own."""
    code = (
        "import duckdb, json, sys; c = duckdb.connect(sys.argv[1], read_only=True);"
        "print(json.dumps(c.execute('select display_name, last_contact_date::varchar from"
        " last_contacts order by 1').fetchall()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder / "book" / "kithbook.duckdb")],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("owner_zone", "machine_zone", "day"),
    [
        ("Pacific/Kiritimati", "America/Adak", "2026-08-02"),
        ("America/Adak", "Pacific/Kiritimati", "2026-08-01"),
        ("UTC", "Pacific/Kiritimati", "2026-08-01"),
    ],
)
def test_the_day_of_a_meeting_is_the_owners_day(
    tmp_path: Path, machine_zone: str, owner_zone: str, day: str
) -> None:
    lay_out(tmp_path, owner_zone, meeting("m", ":20260801T113000Z", "ana@example.org"))
    kithbook(tmp_path, "2026-09-01", "sync", TZ=machine_zone, LANG="C", LC_ALL="C")
    assert last_contacts(tmp_path, TZ=machine_zone) == [["Ana Lima", day]]


def test_names_come_out_whole_in_a_c_locale(tmp_path: Path) -> None:
    lay_out(tmp_path, "Europe/Lisbon", meeting("m", ":20260801T113000Z", "ana@example.org"))
    cards = CARDS.replace("Ana Lima", "Ána Łima 李")
    (tmp_path / "cards.vcf").write_text(cards, "utf-8")
    kithbook(tmp_path, "2026-09-01", "sync", LANG="C", LC_ALL="C", PYTHONUTF8="0")
    out = kithbook(
        tmp_path, "2026-09-01", "show", "ana@example.org", LANG="C", LC_ALL="C", PYTHONUTF8="0"
    )
    assert "Ána Łima 李" in out


@pytest.mark.parametrize(
    ("as_of", "next_day"),
    [("2027-02-20", "2027-02-28"), ("2028-02-20", "2028-02-29"), ("2028-03-01", "2029-02-28")],
)
def test_a_birthday_on_29_february_comes_every_year(
    tmp_path: Path, as_of: str, next_day: str
) -> None:
    lay_out(tmp_path, "Europe/Lisbon")
    kithbook(tmp_path, as_of, "sync")
    with duckdb.connect(str(tmp_path / "book" / "kithbook.duckdb"), read_only=True) as book:
        rows = book.execute(
            "select display_name, next_date::varchar, turns from birthdays order by 1"
        ).fetchall()
    assert rows == [
        ("Ana Lima", next_day, int(next_day[:4]) - 1996),
        ("Rui Costa", next_day, None),
    ]


def test_the_29th_of_february_is_a_day_like_others(tmp_path: Path) -> None:
    lay_out(tmp_path, "Europe/Lisbon", meeting("m", ":20280229T113000Z", "ana@example.org"))
    kithbook(tmp_path, "2028-02-29", "pull")
    kithbook(tmp_path, "2028-03-01", "sync")
    assert last_contacts(tmp_path) == [["Ana Lima", "2028-02-29"]]


def test_a_meeting_in_the_hour_that_comes_twice_or_never_has_a_day(tmp_path: Path) -> None:
    zone = ";TZID=Europe/Lisbon:"
    lay_out(
        tmp_path,
        "Europe/Lisbon",
        meeting("never", f"{zone}20260329T013000", "ana@example.org"),
        meeting("twice", f"{zone}20261025T013000", "rui@example.org"),
    )
    kithbook(tmp_path, "2026-11-01", "sync", TZ="Pacific/Kiritimati")
    assert last_contacts(tmp_path) == [["Ana Lima", "2026-03-29"], ["Rui Costa", "2026-10-25"]]
