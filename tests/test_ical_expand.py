"""Occurrences of series: what real files and hostile ones do to an expander."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from connectors.ical import expand
from pipeline.records import Expansion, Window

LISBON = ZoneInfo("Europe/Lisbon")
YEAR = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def event(*lines: str, uid: str = "u1") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT", ""])


def calendar(*parts: str) -> bytes:
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(parts) + "END:VCALENDAR\r\n").encode()


def occurrences(*parts: str, window: Window = YEAR, zone: ZoneInfo = LISBON) -> Expansion:
    return expand([calendar(*parts)], window, zone)


def starts(expansion: Expansion) -> list[str]:
    return sorted(
        f"{meeting.start_date}" if meeting.is_all_day else f"{meeting.starts_at:%m-%dT%H:%M}"
        for meeting in expansion.meetings
    )


def test_weekly_series_keeps_the_local_hour_over_the_clock_change() -> None:
    found = occurrences(
        event(
            "DTSTART;TZID=Europe/Lisbon:20260323T090000",
            "DURATION:PT1H",
            "RRULE:FREQ=WEEKLY;COUNT=2",
        )
    )
    assert starts(found) == ["03-23T09:00", "03-30T08:00"]
    assert not found.is_open
    assert found.rejects == ()


def test_all_day_stays_a_date_also_with_a_zone() -> None:
    found = occurrences(event("DTSTART;TZID=Pacific/Auckland;VALUE=DATE:20260801"))
    (meeting,) = found.meetings
    assert (meeting.start_date, meeting.end_date) == (date(2026, 8, 1), date(2026, 8, 2))
    assert meeting.starts_at is None
