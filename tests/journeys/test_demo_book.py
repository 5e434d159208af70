"""The demo's book: what is in it, that nobody in it is real, and that it moves with the year."""

import json
import re
import tomllib
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from connectors.errors import UsageError
from pipeline.commands.demo.demo_book import PRESENT, shifted, weeks_between, write
from tests.support import demo_expected as reckoning
from tests.support.paths import GOLDEN, ROOT

BOOK = ROOT / "pipeline" / "commands" / "demo"
EXPECTED: dict[str, Any] = json.loads((GOLDEN / "demo_due.json").read_text("utf-8"))
TODAYS = [
    date(2026, 11, 16),  # the book as it is bundled
    date(2026, 11, 22),
    date(2027, 1, 1),
    date(2027, 3, 28),  # the clocks go forward
    date(2027, 10, 31),  # and back
    date(2028, 2, 29),
    date(2032, 2, 29),
    date(2026, 3, 29),
    date(2024, 2, 29),  # before the book was written
    date(2099, 12, 31),
    date(2100, 3, 1),  # no leap year
    date(2030, 7, 4),
]
RESERVED = re.compile(r"(?:^|\.)(?:example|example\.(?:org|com|net))$")
FICTIONAL = re.compile(
    r"\+?(?:49|0049|0)?0?(?:17139200\d\d|176040690\d\d|3023125\d{3}|4066969\d{3}|8999998\d{3}"
    r"|2214710\d{3})"  # Germany: Bundesnetzagentur, numbers for media productions
    r"|\+442079460\d{3}|\+1(?:212|415)55501\d\d|\+3319900\d{4}|(?:\+46|0)7017406\d\d"
)


def cards(name: str) -> list[Any]:
    text = (BOOK / name).read_text("utf-8")
    return list(vobject.readComponents(text, allowQP=True))


def calendar() -> str:
    return (BOOK / "calendar.ics").read_bytes().decode()


def events(text: str) -> list[Any]:
    return list(icalendar.Calendar.from_ical(text.encode()).walk("VEVENT"))


def test_sixty_people_in_two_formats_and_three_circles() -> None:
    assert [(len(cards(name))) for name in ("family.vcf", "work.vcf")] == [48, 38]
    assert {card.version.value for card in cards("family.vcf")} == {"3.0"}
    assert {card.version.value for card in cards("work.vcf")} == {"2.1"}
    humans = [one for one in reckoning.people() if one["kind"] == "person"]
    with_card = [one for one in humans if one["family_cards"] or one["work_cards"]]
    assert len(with_card) == 63
    assert sum(len(one["family_cards"] + one["work_cards"]) > 1 for one in with_card) == 20
    assert Counter(one["circle"] for one in humans if one["circle"]) == {
        "family": 8,
        "friends": 9,
        "mentors": 5,
    }
    circles = tomllib.loads((BOOK / "config.toml").read_text("utf-8"))["circle"]
    assert set(circles) == {"family", "friends", "mentors"}
    assert all(circle["purpose"] and circle["every"] for circle in circles.values())


def test_every_card_belongs_to_exactly_one_of_the_people() -> None:
    for book in ("family", "work"):
        text = (BOOK / f"{book}.vcf").read_text("utf-8")
        there = sorted(card.n.value.family for card in cards(f"{book}.vcf"))
        named = [name for one in reckoning.people() for name in one[f"{book}_cards"]]
        assert len(named) == len(there) == text.count("BEGIN:VCARD")
    emails = Counter(email for one in reckoning.people() for email in one["emails"])
    assert {email for email, count in emails.items() if count > 1} == {"info@studio-lima.example"}


def test_hard_cases_are_there() -> None:
    family = (BOOK / "family.vcf").read_text("utf-8")
    work = (BOOK / "work.vcf").read_text("utf-8")
    assert "BDAY;X-APPLE-OMIT-YEAR=1604:1604-" in family  # a birthday without a year
    assert "BDAY:1952-02-29" in family
    assert "Wilhelm Keller †" in family
    assert family.count("+49 40 66969115") == 4  # the parents' landline
    assert family.count("040 66969 220") == 2  # two cousins who are not one
    assert family.count("FN:Maria Silva") == work.count("FN:Maria Silva") == 1
    assert work.count("info@studio-lima.example") == 2  # a role address links nobody
    assert "X-ABShowAs:COMPANY" in family
    assert "ENCODING=QUOTED-PRINTABLE" in work


@pytest.mark.parametrize("name", ["family.vcf", "work.vcf", "calendar.ics", "config.toml"])
def test_nobody_in_it_can_be_written_to(name: str) -> None:
    text = (BOOK / name).read_bytes().decode().replace("\r\n ", "").replace("=\r\n", "")
    domains = set(re.findall(r"@([\w.-]+)", text)) | set(re.findall(r"https?://([\w.-]+)", text))
    assert domains
    assert [domain for domain in domains if not RESERVED.search(domain)] == []


def test_no_phone_in_it_rings() -> None:
    numbers = [
        phone.value
        for name in ("family.vcf", "work.vcf")
        for card in cards(name)
        for phone in card.contents.get("tel", [])
    ]
    assert len(numbers) > 60
    assert [one for one in numbers if not FICTIONAL.fullmatch(re.sub(r"[^+\d]", "", one))] == []


def test_uids_are_unique() -> None:
    uids = [card.uid.value for card in cards("family.vcf")]
    assert len(set(uids)) == len(uids)
    assert not any("uid" in card.contents for card in cards("work.vcf"))  # 2.1 exports have none
    masters = [event["UID"] for event in events(calendar()) if "RECURRENCE-ID" not in event]
    assert len(set(masters)) == len(masters)
    assert {event["UID"] for event in events(calendar())} == set(masters)


def test_the_calendar_has_every_kind_of_meeting() -> None:
    text = calendar()
    assert len(text.encode()) < 400_000
    counts = {
        "RRULE:": text.count("\r\nRRULE:FREQ=WEEKLY"),
        "birthdays": text.count("RRULE:FREQ=YEARLY\r\n"),
        "RECURRENCE-ID": text.count("\r\nRECURRENCE-ID"),
        "EXDATE": text.count("\r\nEXDATE"),
        "RDATE": text.count("\r\nRDATE"),
        "UNTIL": text.count(";UNTIL="),
        "CANCELLED": text.count("STATUS:CANCELLED"),
        "PRIVATE": text.count("CLASS:PRIVATE"),
        "OOF": text.count("BUSYSTATUS:OOF"),
    }
    assert counts == {
        "RRULE:": 8,
        "birthdays": 6,
        "RECURRENCE-ID": 7,
        "EXDATE": 41,
        "RDATE": 2,
        "UNTIL": 1,
        "CANCELLED": 3,
        "PRIVATE": 3,
        "OOF": 5,
    }
    assert "CUTYPE=ROOM" in text
    assert "DTSTART;TZID=W. Europe Standard Time:" in text
    assert max(len(_list(event.get("ATTENDEE"))) for event in events(text)) > 30
    starts = [_day(event["DTSTART"].dt) for event in events(text) if "RRULE" not in event]
    assert date(2023, 1, 1) < min(starts) < date(2023, 11, 16)
    assert PRESENT + timedelta(weeks=3) < max(starts) < PRESENT + timedelta(weeks=8)


def test_what_counts_as_contact_is_in_the_book() -> None:
    titles = {str(event["SUMMARY"]) for event in events(calendar())}
    assert {one["summary"] for one in EXPECTED["no_contact"]} <= titles
    private = {str(event["SUMMARY"]) for event in events(calendar()) if "CLASS" in event}
    assert private == set(EXPECTED["private_titles"])


@pytest.mark.parametrize("today", TODAYS)
def test_the_book_keeps_its_shape_wherever_it_is_moved(today: date) -> None:
    weeks = weeks_between(PRESENT, today)
    moved = shifted(calendar(), weeks)
    assert len(moved) == len(calendar())
    present = PRESENT + timedelta(weeks=weeks)
    assert present.weekday() == 0
    assert present <= today < present + timedelta(weeks=1)
    for before, after in zip(events(calendar()), events(moved), strict=True):
        assert before["UID"] == after["UID"]
        for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
            if name not in before:
                continue
            old, new = before[name].dt, after[name].dt
            is_birthday = before.get("RRULE", {}).get("FREQ") == ["YEARLY"]
            assert _clock(old) == _clock(new)
            assert _day(new) - _day(old) == timedelta(weeks=0 if is_birthday else weeks)


@pytest.mark.parametrize("today", TODAYS[2:6])
def test_a_series_has_the_same_meetings_wherever_it_is_moved(today: date) -> None:
    """EXDATE, RDATE, UNTIL, overrides and the cancelled instance move along with their series."""
    weeks = weeks_between(PRESENT, today)

    def is_in_utc(event: Any) -> bool:  # the one who writes from Busan
        return "busan-ports" in str(event.get("ATTENDEE"))

    def seen(text: str, by: int) -> Counter[tuple[str, date, str]]:
        present = PRESENT + timedelta(weeks=by)
        found = reckoning.occurrences(
            text.encode(), present - timedelta(weeks=170), present + timedelta(weeks=6)
        )
        return Counter(
            (
                str(event["SUMMARY"]),
                _day(event["DTSTART"].dt) - timedelta(weeks=by),
                "" if is_in_utc(event) else str(_clock(event["DTSTART"].dt)),
            )
            for event in found
            if "Birthday" not in event.to_ical().decode()
        )

    assert seen(shifted(calendar(), weeks), weeks) == seen(calendar(), 0)


@pytest.mark.parametrize(
    "today", [*TODAYS[2:6], *(PRESENT + timedelta(days=day) for day in (0, 3, 6))]
)
def test_the_same_people_are_due_on_any_day(today: date) -> None:
    weeks = weeks_between(PRESENT, today)
    said = reckoning.standings(shifted(calendar(), weeks).encode(), today)
    closest = {one.name for one in said[:15]}
    colleagues = {
        one["name"]
        for one in reckoning.people()
        if any(email.endswith(reckoning.COLLEAGUES) for email in one["emails"])
    }
    watched = [
        one for one in said if one.circle or (one.name in closest and one.name not in colleagues)
    ]
    overdue = {one.name for one in watched if one.state == "overdue" and not one.booked}
    assert overdue == {one["person"] for one in EXPECTED["overdue"]}
    booked = {one.name for one in watched if one.state == "overdue" and one.booked}
    assert booked == {one["person"] for one in EXPECTED["booked"]}
    for state, key in (("dormant", "dormant"), ("lapsed", "lapsed"), ("on track", "on_track")):
        assert {one.name for one in said if one.state == state} >= set(EXPECTED[key])
    assert {one.name for one in said}.isdisjoint(EXPECTED["silent"])


def test_the_dates_of_the_golden_list_are_those_of_the_book() -> None:
    today = date.fromisoformat(EXPECTED["as_of"])
    said = {one.name: one for one in reckoning.standings(calendar().encode(), today)}
    for one in EXPECTED["overdue"] + EXPECTED["booked"]:
        assert said[one["person"]].last == date.fromisoformat(one["last_contact"]), one["person"]
    for one in EXPECTED["booked"]:
        assert said[one["person"]].booked == date.fromisoformat(one["meets"]), one["person"]


def test_no_moment_is_folded_over_two_lines() -> None:
    """What moves is read line by line."""
    lines = calendar().split("\r\n")
    folded = [
        before
        for before, after in pairwise(lines)
        if after.startswith(" ") and re.match(r"DT|RECURRENCE|EXDATE|RDATE|RRULE", before)
    ]
    assert folded == []
    assert all(len(line.encode()) <= 75 for line in lines)


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    write(folder, date(2028, 2, 29))
    first = stamps(folder)
    assert set(first) == {"family.vcf", "work.vcf", "calendar.ics", "config.toml"}
    write(folder, date(2028, 3, 5))  # the same week
    assert stamps(folder) == first
    assert oct((folder / "family.vcf").stat().st_mode)[-3:] == "600"


def test_the_calendar_moves_on_with_the_weeks(tmp_path: Path) -> None:
    write(tmp_path, date(2028, 2, 29))
    before = stamps(tmp_path)
    write(tmp_path, date(2028, 3, 6))
    after = stamps(tmp_path)
    assert {name for name in before if before[name] != after[name]} == {"calendar.ics"}
    text = (tmp_path / "calendar.ics").read_bytes().decode()
    climbing = next(event for event in events(text) if event["UID"] == "climbing@example.org")
    begins = climbing["DTSTART"].dt
    assert (begins.weekday(), begins.hour, begins.tzinfo) == (1, 19, ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize("name", ["family.vcf", "calendar.ics", "config.toml"])
def test_what_somebody_tried_out_in_it_stays(tmp_path: Path, name: str) -> None:
    write(tmp_path, date(2028, 2, 29))
    edited = (tmp_path / name).read_bytes().replace(b"Ana Lima", b"Ana Maria Lima") + b"\n"
    (tmp_path / name).write_bytes(edited)
    write(tmp_path, date(2028, 5, 1))
    assert (tmp_path / name).read_bytes() == edited


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[owner.me]\n", "utf-8")
    with pytest.raises(UsageError, match="holds something else"):
        write(tmp_path, date(2028, 2, 29))
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(UsageError, match="cannot be laid out"):
        write(tmp_path / "file", date(2028, 2, 29))


def stamps(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir() if path.is_file()}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _clock(moment: date) -> object:
    if not isinstance(moment, datetime):
        return None
    zone = "UTC" if moment.tzinfo is UTC else str(moment.tzinfo)
    return moment.time(), zone
