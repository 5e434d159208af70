"""The reader of calendars: the classes of real files as golden files, and how they are split."""

import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectors.contract import Reject, Window
from connectors.ical import expand, split
from connectors.ical.split_by_uid import MAX_ITEM_BYTES
from connectors.ical.time_zones import named_zone
from tests.support.golden_ical import as_read, golden_files
from tests.support.split_calendar import split_calendar

YEAR = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
LISBON = ZoneInfo("Europe/Lisbon")


def event(uid: str, *lines: str) -> str:
    start = "DTSTART:20260601T090000Z"
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", start, *lines, "END:VEVENT", ""])


def calendar(*parts: str, head: str = "") -> bytes:
    text = "".join(parts)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{text}END:VCALENDAR\r\n".encode()


# --- the classes of real files ------------------------------------------------------------


@pytest.mark.parametrize("path", golden_files(), ids=lambda path: path.stem)
def test_golden_file_reads_as_it_should(path: Path) -> None:
    """`python -m tests.support.golden_ical --regenerate` writes what is expected anew."""
    assert as_read(path) == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def test_every_golden_file_is_said_beside_it() -> None:
    assert len(golden_files()) >= 30
    folder = golden_files()[0].parent
    assert {path.stem for path in golden_files()} == {path.stem for path in folder.glob("*.json")}


# --- splitting ----------------------------------------------------------------------------


def test_a_file_of_one_item_stays_byte_for_byte() -> None:
    body = calendar(event("a", "SUMMARY:x", "BEGIN:VALARM", "TRIGGER:-P1D", "END:VALARM"))
    (part,) = split_calendar(body).parts
    assert part.body == body


def test_each_uid_gets_its_own_calendar_with_the_zones_it_names() -> None:
    zone = "BEGIN:VTIMEZONE\r\nTZID:{0}\r\nX-A:{0}\r\nEND:VTIMEZONE\r\n"
    body = calendar(
        zone.format("A"),
        zone.format("B"),
        event("1", "DTEND;TZID=A:20260601T100000"),
        event("2"),
        event("1", "RECURRENCE-ID:20260601T090000Z", 'EXDATE;TZID="B":20260601T090000'),
        head="X-WR-TIMEZONE:Asia/Tokyo\r\nX-WR-CALNAME:Mine\r\n",
    )
    one, two = split_calendar(body).parts
    assert (one.uid, two.uid) == ("1", "2")
    assert one.body.count(b"BEGIN:VEVENT") == 2
    assert b"X-A:A" in one.body
    assert b"X-A:B" in one.body
    assert b"VTIMEZONE" not in two.body
    assert b"X-WR-TIMEZONE:Asia/Tokyo" in two.body
    assert [part.position for part in (one, two)] == [1, 2]


def test_nothing_is_lost_between_the_parts() -> None:
    events = [event(f"u{n}", f"SUMMARY:{n}") for n in range(50)]
    found = split_calendar(calendar(*events) + calendar(event("late")))
    assert [part.uid for part in found.parts] == [f"u{n}" for n in range(50)] + ["late"]
    assert found.rejects == ()
    assert sum(part.body.count(b"BEGIN:VEVENT") for part in found.parts) == 51


def test_missing_end_is_said_and_loses_no_event() -> None:
    text = calendar(event("1"), event("2"), event("3")).replace(b"END:VEVENT\r\n", b"", 2)
    found = split_calendar(text)
    assert [part.uid for part in found.parts] == ["1", "2", "3"]
    assert [(one.href, one.is_warning) for one in found.rejects] == [("1", True), ("2", True)]
    for part in found.parts:
        assert len(expand([part.body], YEAR, LISBON).meetings) == 1


def test_the_uid_of_an_alarm_is_not_that_of_its_event() -> None:
    body = calendar(
        "BEGIN:VEVENT\r\nBEGIN:VALARM\r\nUID:alarm\r\nEND:VALARM\r\nDTSTART:20260601T090000Z\r\n"
        "UID;X-A=1:fol\r\n ded\r\nEND:VEVENT\r\n"
    )
    assert [part.uid for part in split_calendar(body).parts] == ["folded"]


def test_the_uid_of_a_part_is_that_of_its_meetings() -> None:
    (part,) = split_calendar(calendar(event("one@example.org\x1d\0\0"))).parts
    (meeting,) = expand([part.body], YEAR, LISBON).meetings
    assert part.uid == meeting.uid == "one@example.org"


def test_a_newer_export_gives_events_without_uid_the_same_name() -> None:
    first, second = (
        calendar(
            f"BEGIN:VEVENT\r\nDTSTAMP:{stamp}\r\nDTSTART:20260601T090000Z\r\nEND:VEVENT\r\n",
            event("x"),
        )
        for stamp in ("20260101T000000Z", "20260202T000000Z")
    )
    assert split_calendar(first).parts[0].uid == split_calendar(second).parts[0].uid


def test_an_attachment_is_left_out_of_an_item_that_is_too_large() -> None:
    attachment = "ATTACH;VALUE=BINARY;ENCODING=BASE64:" + "QUJD" * (MAX_ITEM_BYTES // 3)
    (part,) = split_calendar(calendar(event("a", attachment, "SUMMARY:kept"))).parts
    assert len(part.body) < 1000
    (meeting,) = expand([part.body], YEAR, LISBON).meetings
    assert meeting.summary == "kept"


def test_an_item_larger_than_any_of_people_is_a_reject() -> None:
    lines = ["X-JUNK:" + "x" * 1000] * (MAX_ITEM_BYTES // 900)
    found = split_calendar(calendar(event("a", *lines), event("b")))
    assert [part.uid for part in found.parts] == ["b"]
    assert [(one.href, one.is_warning) for one in found.rejects] == [("a", False)]


def test_beside_a_long_file_memory_holds_little_but_one_part() -> None:
    body = calendar(*(event(f"{n}@x", "DESCRIPTION:" + "x" * 2000) for n in range(1000)))
    tracemalloc.start()
    count = sum(1 for _ in split(body))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 1000
    assert peak < len(body) / 4


def test_warnings_follow_what_they_warn_of() -> None:
    lost = "BEGIN:VEVENT\r\nUID:lost\r\n"
    found = split(calendar(event("a").replace("END:VEVENT\r\n", ""), lost, event("b")))
    told = [one.reason if isinstance(one, Reject) else one.uid for one in found]
    missing = "END:VEVENT is missing"
    assert told == ["a", missing, "it has no DTSTART", "b"]


@pytest.mark.parametrize(
    "body",
    [
        b"BEGIN:VEVENT\r\n" * 20_000,
        b"BEGIN:VCALENDAR\r\n" * 20_000 + b"END:VCALENDAR\r\n" * 20_000,
        b"BEGIN:VEVENT\r\n" + b"BEGIN:VALARM\r\n" * 20_000 + b"END:X\r\n" * 20_000,
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:" + b"x" * 20_000_000,
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1" + b"\r\n x" * 2_000_000,
        b'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID;A="' + b'"' * 200_001 + b":x",
        b"\0" * 5_000_000,
        b"BEGIN:VEVENT\r\n" + b"\r" * 1_000_000,
        b"\xff\xfe" + b"B\0E\0" * 1_000_000,
        b"BEGIN:VTIMEZONE\r\nTZID:A\r\n" * 20_000 + b"BEGIN:VEVENT\r\nDTSTART;TZID=A:2026\r\n" * 99,
        b"".join(
            b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:%d\r\nDTSTART:2026\r\n" % (n % 2)
            for n in range(20_000)
        ),
    ],
    ids=range(11),
)
def test_hostile_file_is_split_soon(body: bytes) -> None:
    split_calendar(body)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Europe/Lisbon", "Europe/Lisbon"),
        ("GMT Standard Time", "Europe/London"),
        ("tzone://Microsoft/Utc", None),
        ("Romance", "Europe/Paris"),
        ("America/New_York ", "America/New_York"),
        ("", None),
        ("../../etc/passwd", None),
        ("Europe/Lisbon\0", None),
        ("x" * 100_000, None),
    ],
)
def test_names_of_zones(name: str, key: str | None) -> None:
    zone = named_zone(name)
    assert getattr(zone, "key", None) == key
