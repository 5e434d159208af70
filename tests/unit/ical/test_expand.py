"""Occurrences of series: windows, hostile rules, and two ways that must agree."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.contract import Expansion, Window
from connectors.ical import expand
from connectors.ical.complex_series import hard_series
from connectors.ical.event_series import MAX_OCCURRENCES, read_event
from connectors.ical.expand import KEPT
from connectors.ical.parse_warnings import MAX_WARNINGS, Notes
from connectors.ical.property_values import properties
from connectors.ical.rule_expansion import MAX_STEPS
from connectors.ical.simple_series import is_plain, plain_series, span_of
from connectors.ical.time_zones import Zones
from tests.support.split_calendar import split_calendar

LISBON = ZoneInfo("Europe/Lisbon")
YEAR = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
HISTORY = Window(datetime(1970, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


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


def day(text: str) -> Window:
    begin = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return Window(begin, begin + timedelta(days=1))


def reasons(expansion: Expansion) -> list[str]:
    return [reject.reason for reject in expansion.rejects if not reject.is_warning]


def notes(expansion: Expansion) -> list[str]:
    return [reject.reason for reject in expansion.rejects if reject.is_warning]


# --- windows ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "is_in"),
    [
        ("20260601T235959Z", "20260602T000000Z", False),
        ("20260601T230000Z", "20260602T000001Z", True),
        ("20260602T000000Z", "20260602T000000Z", True),
        ("20260602T235959Z", "20260603T010000Z", True),
        ("20260603T000000Z", "20260603T000000Z", False),
    ],
)
def test_window_is_half_open_and_takes_what_overlaps(start: str, end: str, is_in: bool) -> None:
    lines = (f"DTSTART:{start}", f"DTEND:{end}")
    for extra in ((), ("RRULE:FREQ=YEARLY",), ("RDATE:20200101T000000Z",)):
        found = occurrences(event(*lines, *extra), window=day("2026-06-02"))
        assert (len(found.meetings) == 1) == is_in


def test_all_firstlies_in_the_window_by_the_owners_days() -> None:
    kiritimati = ZoneInfo("Pacific/Kiritimati")  # 14 hours ahead of UTC
    body = event("DTSTART;VALUE=DATE:20260602")
    assert starts(occurrences(body, window=day("2026-06-01"), zone=kiritimati)) == ["2026-06-02"]
    assert starts(occurrences(body, window=day("2026-06-03"), zone=kiritimati)) == []
    assert starts(occurrences(body, window=day("2026-06-02"), zone=ZoneInfo("UTC"))) == [
        "2026-06-02"
    ]


def test_long_occurrence_that_began_before_the_window_is_in_it() -> None:
    found = occurrences(
        event("DTSTART:20260530T120000Z", "DURATION:P4D", "RRULE:FREQ=MONTHLY"),
        window=day("2026-07-02"),
    )
    assert starts(found) == ["06-30T12:00"]


def test_override_that_moves_into_the_window_is_in_it_and_one_that_moves_out_is_not() -> None:
    series = event("DTSTART:20260601T090000Z", "RRULE:FREQ=WEEKLY")
    moved = event("RECURRENCE-ID:20260601T090000Z", "DTSTART:20260610T150000Z")
    assert starts(occurrences(series, moved, window=day("2026-06-10"))) == ["06-10T15:00"]
    assert starts(occurrences(series, moved, window=day("2026-06-01"))) == []


@pytest.mark.parametrize(
    ("lines", "is_open"),
    [
        (["DTSTART:20260601T090000Z"], False),
        (["DTSTART:20270601T090000Z"], True),
        (["DTSTART;VALUE=DATE:20270101"], True),
        (["DTSTART:20260601T090000Z", "RRULE:FREQ=WEEKLY"], True),
        (["DTSTART:20260601T090000Z", "RRULE:FREQ=WEEKLY;UNTIL=20261230T000000Z"], False),
        (["DTSTART:20260601T090000Z", "RRULE:FREQ=WEEKLY;UNTIL=20270201"], True),
        (["DTSTART:20260601T090000Z", "RRULE:FREQ=MONTHLY;COUNT=7"], False),
        (["DTSTART:20260601T090000Z", "RRULE:FREQ=MONTHLY;COUNT=8"], True),
        (["DTSTART:20260601T090000Z", "RRULE:FREQ=MONTHLY;COUNT=8;BYMONTH=2;BYMONTHDAY=30"], False),
        (["DTSTART:20260601T090000Z", "RDATE:20270601T090000Z"], True),
        (["DTSTART:20260601T090000Z", "RDATE:20260701T090000Z"], False),
    ],
)
def test_series_is_open_when_it_goes_on_after_the_window(lines: list[str], is_open: bool) -> None:
    assert occurrences(event(*lines)).is_open is is_open


def test_nine_stays_nine_in_the_night_of_the_clock_change() -> None:
    lisbon = "DTSTART;TZID=Europe/Lisbon:"
    skipped = occurrences(event(f"{lisbon}20260327T013000", "RRULE:FREQ=DAILY;COUNT=4"))
    assert starts(skipped) == ["03-27T01:30", "03-28T01:30", "03-29T01:30", "03-30T00:30"]
    twice = occurrences(event(f"{lisbon}20261024T013000", "RRULE:FREQ=DAILY;COUNT=3"))
    assert starts(twice) == ["10-24T00:30", "10-25T00:30", "10-26T01:30"]


def test_duration_is_by_the_stopwatch_and_end_by_the_clock() -> None:
    lines = ("DTSTART;TZID=Europe/Lisbon:20261025T000000",)
    (by_watch,) = occurrences(event(*lines, "DURATION:PT3H")).meetings
    (by_clock,) = occurrences(event(*lines, "DTEND;TZID=Europe/Lisbon:20261025T030000")).meetings
    assert by_watch.ends_at == datetime(2026, 10, 25, 2, tzinfo=UTC)
    assert by_clock.ends_at == datetime(2026, 10, 25, 3, tzinfo=UTC)


def test_cancelled_instance_that_says_only_which_one_it_is() -> None:
    series = event("DTSTART:20260601T090000Z", "RRULE:FREQ=WEEKLY;COUNT=3", "SUMMARY:Weekly")
    found = occurrences(series, event("RECURRENCE-ID:20260608T090000Z", "STATUS:CANCELLED"))
    assert starts(found) == ["06-01T09:00", "06-08T09:00", "06-15T09:00"]
    assert [meeting.status for meeting in found.meetings] == ["confirmed", "cancelled", "confirmed"]
    assert {meeting.summary for meeting in found.meetings} == {"Weekly"}
    assert found.rejects == ()


def test_parts_of_a_series_in_several_bodies_are_one_series() -> None:
    series = calendar(event("DTSTART:20260601T090000Z", "RRULE:FREQ=WEEKLY;COUNT=3"))
    override = calendar(event("RECURRENCE-ID:20260608T090000Z", "DTSTART:20260609T090000Z"))
    found = expand([override, series], YEAR, LISBON)
    assert starts(found) == ["06-01T09:00", "06-09T09:00", "06-15T09:00"]
    assert all(meeting.is_recurring for meeting in found.meetings)


def test_times_without_zone_are_meant_in_the_zone_of_the_start() -> None:
    found = occurrences(
        event(
            "DTSTART;TZID=America/New_York:20260601T090000",
            "DTEND:20260601T100000",
            "RRULE:FREQ=DAILY;COUNT=4",
            "EXDATE:20260602T090000",
            "RDATE:20260610T090000",
        ),
        event("RECURRENCE-ID:20260603T090000", "DTSTART;TZID=America/New_York:20260603T110000"),
    )
    assert starts(found) == ["06-01T13:00", "06-03T15:00", "06-04T13:00", "06-10T13:00"]
    (first, *_) = found.meetings
    assert first.ends_at == datetime(2026, 6, 1, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;BYMONTHDAY=-1;BYMONTH=6,7", ["06-01", "06-30", "07-31"]),
        ("FREQ=DAILY;BYYEARDAY=-1,200", ["06-01", "07-19", "12-31"]),
        ("FREQ=DAILY;BYDAY=SU;UNTIL=20260614", ["06-01", "06-07", "06-14"]),
        ("FREQ=DAILY;BYDAY=MO,TU;COUNT=3", ["06-01", "06-02", "06-08"]),
        ("FREQ=WEEKLY;BYDAY=MO;BYMONTH=12;BYMONTHDAY=7,14", ["06-01", "12-07", "12-14"]),
        ("FREQ=WEEKLY;BYWEEKNO=-1", ["06-01", "12-28"]),
        ("FREQ=HOURLY;INTERVAL=12;BYMONTHDAY=2;COUNT=2", ["06-01", "06-02", "06-02"]),
        ("FREQ=YEARLY;BYWEEKNO=25", ["06-01", "06-15"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", ["06-01", "06-30", "07-31"]),
    ],
)
def test_parts_that_only_leave_days_out(rule: str, expected: list[str]) -> None:
    found = occurrences(event("DTSTART:20260601T090000Z", f"RRULE:{rule}"))
    assert [start[:5] for start in starts(found)] == expected
    assert found.rejects == ()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("D2 #3", ["06-01", "06-03", "06-05"]),
        ("D1", ["06-01", "06-02"]),
        ("D1 20260603T235959Z", ["06-01", "06-02", "06-03"]),
        ("W1 MO WE #4", ["06-01", "06-03", "06-08", "06-10"]),
        ("W2 0900 MO$ #2", ["06-01", "06-15"]),
        ("MP1 1+ 3+ MO TU #4", ["06-01", "06-02", "06-15", "06-16"]),
        ("MP1 1+ MO 2- SU #3", ["06-01", "06-21", "07-06"]),
        ("MD1 1 LD #4", ["06-01", "06-30", "07-01", "07-31"]),
        ("MD3 2- #2", ["06-01", "06-29", "09-29"]),
        ("YM1 6 9 #0", ["06-01", "09-01"]),
        ("YD1 365 #1", ["06-01", "12-31"]),
    ],
)
def test_rules_of_vcalendar_1(rule: str, expected: list[str]) -> None:
    found = occurrences(event("DTSTART:20260601T090000Z", f"RRULE:{rule}"))
    assert [start[:5] for start in starts(found)] == expected


def test_exdates_of_vcalendar_1() -> None:
    found = occurrences(
        event("DTSTART:20260601T090000Z", "RRULE:D1 #4", "EXDATE:20260602T090000Z;20260603T090000Z")
    )
    assert starts(found) == ["06-01T09:00", "06-04T09:00"]


def test_hours_mean_nothing_for_whole_days() -> None:
    found = occurrences(
        event("DTSTART;VALUE=DATE:20260601", "RRULE:FREQ=DAILY;COUNT=2;BYHOUR=9,10")
    )
    assert starts(found) == ["2026-06-01", "2026-06-02"]


# --- nothing raises, and everything ends --------------------------------------------------

HOSTILE_RULES = [
    "FREQ=SECONDLY",
    "FREQ=SECONDLY;COUNT=100000000",
    "FREQ=MINUTELY;INTERVAL=5",
    "FREQ=HOURLY",
    "FREQ=DAILY;COUNT=100000000",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2,4,6",
    "FREQ=YEARLY;BYYEARDAY=366;INTERVAL=2",
    "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
    "FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=366",
    "FREQ=MONTHLY;BYDAY=6MO",
    "FREQ=HOURLY;COUNT=3",
    "FREQ=MONTHLY;INTERVAL=12;BYMONTH=7;BYDAY=MO",
    "FREQ=DAILY;INTERVAL=7;BYDAY=SU",
    "FREQ=YEARLY;INTERVAL=10000",
    "FREQ=DAILY;INTERVAL=0",
    "FREQ=DAILY;INTERVAL=" + "9" * 400,
    "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=" + "0," * 50_000,
    "FREQ=DAILY;BYSECOND=" + ",".join(map(str, range(60))),
    "FREQ=HOURLY;INTERVAL=24;BYHOUR=3",
    "FREQ=YEARLY;BYDAY=" + ",".join(f"{n}MO" for n in range(1, 54)),
    "FREQ=YEARLY;BYEASTER=0",
    "FREQ=WEEKLY;WKST=XX",
    "M5 #0",
    "W1 " + "MO " * 5000,
    "MP1 " + "1+ " * 500 + "MO " * 500,
    "FREQ=",
    ";;;;",
    "",
]


@pytest.mark.parametrize("rule", HOSTILE_RULES, ids=range(len(HOSTILE_RULES)))
@pytest.mark.parametrize("start", ["DTSTART:19700105T090000Z", "DTSTART;VALUE=DATE:19700105"])
def test_hostile_rule_ends_soon_and_brings_few(rule: str, start: str) -> None:
    override = event("RECURRENCE-ID:20260601T090000Z", "DTSTART:20260601T100000Z")
    for window, parts in product((day("2026-06-02"), HISTORY), ([], [override])):
        found = occurrences(event(start, f"RRULE:{rule}"), *parts, window=window)
        assert len(found.meetings) <= MAX_OCCURRENCES + 1


@pytest.mark.parametrize(
    "line",
    [
        "RDATE:" + ",".join(f"2026{1 + n % 12:02}01T{n % 24:02}0000Z" for n in range(300_000)),
        "EXDATE:" + "20260601T090000Z," * 300_000,
        "DURATION:P" + "9" * 300 + "D",
        "DURATION:P999999999D",
        "DTEND:99991231T235959Z",
        "DTEND;TZID=Pacific/Apia:99991231T235959",
        "RDATE;VALUE=PERIOD:20260601T090000Z/P999999999D",
        "EXRULE:FREQ=DAILY",
        "EXRULE:FREQ=SECONDLY",
        "ATTENDEE;CN=" + '"' * 100_001 + ":mailto:a@example.org",
        "ATTENDEE;" + "A=B;" * 100_000 + ":mailto:a@example.org",
        "ATTENDEE:mailto:" + "a@" * 500_000,
        "SUMMARY:" + "\\" * 2_000_001,
        "CATEGORIES:" + "a," * 1_000_000,
        "X-JUNK:" + "x" * 9_000_000,
    ],
    ids=lambda line: line[:20],
)
def test_hostile_line_ends_soon(line: str) -> None:
    found = occurrences(event("DTSTART:20260601T090000Z", "RRULE:FREQ=DAILY;COUNT=9", line))
    assert len(found.meetings) <= MAX_OCCURRENCES
    assert found.meetings or found.rejects or line.startswith("EXRULE")  # takes each away


def test_daily_since_decades_brings_the_latest_and_says_so() -> None:
    body = event("DTSTART:19900101T090000Z", "RRULE:FREQ=DAILY")
    found = occurrences(body, window=HISTORY)
    assert len(found.meetings) == MAX_OCCURRENCES
    assert max(starts(found)) == "12-31T09:00"
    assert [reject.is_warning for reject in found.rejects] == [True]


def test_of_a_series_larger_than_any_of_people_the_first_time_is_kept() -> None:
    found = occurrences(event("DTSTART:19700101T090000Z", "RRULE:FREQ=HOURLY"), window=HISTORY)
    assert starts(found) == ["01-01T09:00"]
    assert notes(found) == [f"more than {MAX_STEPS:,} occurrences before the window's end: {KEPT}"]


NUMBER = "99999999999999999999"


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (f"FREQ=DAILY;INTERVAL={NUMBER}", f"INTERVAL={NUMBER}"),
        (f"FREQ=DAILY;COUNT={NUMBER}", f"COUNT={NUMBER}"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL=0"),
        ("FREQ=WEEKLY;INTERVAL=-2", "INTERVAL=-2"),
        ("FREQ=DAILY;COUNT=0", "COUNT=0"),
        (f"FREQ=MONTHLY;BYMONTHDAY={NUMBER}", f"BYMONTHDAY={NUMBER}"),
        (f"FREQ=MONTHLY;BYDAY={NUMBER}MO", f"BYDAY={NUMBER}MO"),
        ("FREQ=DAILY;UNTIL=20250101T000000Z", "it ends before it starts, UNTIL=20250101T000000Z"),
        ("FREQ=DAILY;UNTIL=20250101", "it ends before it starts, UNTIL=20250101"),
        ("FREQ=MINUTELY", "it repeats minutely"),
        ("FREQ=SECONDLY;COUNT=1000", "it repeats secondly"),
        ("FREQ=MINUTELY;UNTIL=20270101", "it repeats minutely"),
        ("FREQ=MINUTELY;COUNT=3;BYHOUR=9", "it repeats minutely"),
    ],
)
def test_of_a_rule_beyond_sense_the_first_time_is_kept_and_the_reason_is_plain(
    rule: str, reason: str
) -> None:
    found = occurrences(event("DTSTART:20260601T090000Z", f"RRULE:{rule}"))
    assert starts(found) == ["06-01T09:00"]
    assert notes(found) == [f"a rule that cannot be followed was left out: {reason}"]


@pytest.mark.parametrize(
    ("rule", "times"),
    [
        ("FREQ=MINUTELY;INTERVAL=15;COUNT=4", ["09:00", "09:15", "09:30", "09:45"]),
        ("FREQ=MINUTELY;INTERVAL=30;UNTIL=20260601T100000Z", ["09:00", "09:30", "10:00"]),
        ("FREQ=SECONDLY;INTERVAL=1800;COUNT=2", ["09:00", "09:30"]),
        ("M20 #3", ["09:00", "09:20", "09:40"]),
    ],
)
def test_a_few_times_by_the_minute_are_meetings(rule: str, times: list[str]) -> None:
    found = occurrences(event("DTSTART:20260601T090000Z", f"RRULE:{rule}"))
    assert starts(found) == [f"06-01T{time}" for time in times]
    assert not found.rejects


@pytest.mark.parametrize("frequency", ["HOURLY", "MINUTELY"])
def test_a_whole_day_that_repeats_within_the_day_is_one_day(frequency: str) -> None:
    rule = f"RRULE:FREQ={frequency};INTERVAL=90;COUNT=4"
    found = occurrences(event("DTSTART;VALUE=DATE:20260302", rule))
    assert [meeting.start_date for meeting in found.meetings] == [date(2026, 3, 2)]
    assert len(found.rejects) == 1


def test_until_as_a_date_has_its_last_day_and_exdate_in_utc_its_own() -> None:
    found = occurrences(
        event(
            "DTSTART;TZID=Europe/Berlin:20260302T090000",
            "RRULE:FREQ=WEEKLY;UNTIL=20260323",
            "EXDATE:20260309T080000Z",
        )
    )
    assert starts(found) == ["03-02T08:00", "03-16T08:00", "03-23T08:00"]


def test_what_was_moved_stays_when_the_rule_cannot_be_followed() -> None:
    found = occurrences(
        event("DTSTART:20260601T090000Z", "RRULE:FREQ=DAILY;INTERVAL=0"),
        event("RECURRENCE-ID:20260602T090000Z", "DTSTART:20260603T090000Z"),
    )
    assert starts(found) == ["06-01T09:00", "06-03T09:00"]


@pytest.mark.parametrize("name", ["DTSTART", "DTEND", "DURATION", "RDATE", "EXDATE", "SEQUENCE"])
@pytest.mark.parametrize(
    "value", [NUMBER, "-1", "P99999999999999W", "-P1D", "PT99999999999H", "99999999T999999Z", "٣"]
)
def test_numbers_beyond_sense_are_kept_once_or_said_in_plain_words(name: str, value: str) -> None:
    lines = [] if name == "DTSTART" else ["DTSTART:20260105T100000Z"]
    found = occurrences(event(*lines, f"{name}:{value}"))
    assert len(found.meetings) == 1 or found.rejects
    for reason in reasons(found) + notes(found):
        assert not re.search(r"Error|argument|None|int\b|range|literal", reason)


def test_many_parts_of_one_series_are_bounded() -> None:
    parts = [
        event(
            f"RECURRENCE-ID;RANGE=THISANDFUTURE:20260601T{n // 60 % 24:02}{n % 60:02}00Z",
            "DTSTART:20260601T100000Z",
        )
        for n in range(1200)
    ]
    found = occurrences(event("DTSTART:20260601T000000Z", "RRULE:FREQ=DAILY"), *parts)
    assert notes(found) == [f"too many or too large moves of all that follows: {KEPT}"]


def test_too_large_body_is_a_reject() -> None:
    found = occurrences(event("DTSTART:20260601T090000Z", "X-JUNK:" + "x" * 11_000_000))
    assert reasons(found) == ["larger than 10 MB"]
    assert len(found.rejects[0].content) <= 1000


def test_two_thousand_begins_and_many_zones_end_soon() -> None:
    nested = "BEGIN:VALARM\r\n" * 2000 + "END:VEVENT\r\n" * 3
    zones = "".join(
        f"BEGIN:VTIMEZONE\r\nTZID:Z{n}\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\n"
        "END:VTIMEZONE\r\n"
        for n in range(2000)
    )
    cities = "(UTC+01:00) " + "a," * 90
    events = [event(f'DTSTART;TZID="{cities}{n}":20260601T090000', uid=f"{n}") for n in range(2000)]
    found = expand([calendar(nested, zones, *events)], YEAR, LISBON)
    assert len(found.meetings) == 2000


@pytest.mark.parametrize("name", ["RDATE", "EXDATE"])
@pytest.mark.parametrize("end", ["00010101T000000Z", "99991231T235959Z"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_a_date_beyond_the_calendar_of_the_events_zone_is_a_warning(
    name: str, end: str, zone: str
) -> None:
    found = occurrences(
        event(f"DTSTART;TZID={zone}:20260601T090000", "RRULE:FREQ=DAILY;COUNT=2", f"{name}:{end}")
    )
    assert len(found.meetings) == 2
    is_beyond = (end[0] == "9") == (zone == "Asia/Tokyo")
    assert [reject.reason for reject in found.rejects] == [f"{name} is not a time"] * is_beyond


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Europe/Berlin", "America/New_York"])
def test_a_rule_until_the_end_of_the_calendar_goes_on(zone: str) -> None:
    rule = "RRULE:FREQ=MONTHLY;UNTIL=99991231T235959Z"
    found = occurrences(event(f"DTSTART;TZID={zone}:20260601T090000", rule))
    assert len(found.meetings) == 7
    assert not found.rejects


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_a_rule_until_the_begin_of_the_calendar_never_was(zone: str) -> None:
    rule = "RRULE:FREQ=MONTHLY;UNTIL=00010101T000000Z"
    found = occurrences(event(f"DTSTART;TZID={zone}:20260601T090000", rule))
    assert len(found.meetings) <= 1


def test_warnings_are_counted_beyond_a_number() -> None:
    lines = [f"no colon {n}" for n in range(1000)]
    found = occurrences(event("DTSTART:20260601T090000Z", *lines))
    assert len(found.meetings) == 1
    assert len(found.rejects) == MAX_WARNINGS + 1
    assert [reject.position for reject in found.rejects[:3]] == [6, 7, 8]
    assert found.rejects[-1].reason.startswith(f"{1000 - MAX_WARNINGS} more")


@given(st.lists(st.sampled_from([
    b"BEGIN:VCALENDAR", b"END:VCALENDAR", b"BEGIN:VEVENT", b"END:VEVENT", b"BEGIN:VALARM",
    b"END:VALARM", b"BEGIN:VTIMEZONE", b"END:VTIMEZONE", b"TZID:X", b"UID:u", b"UID:", b"DTSTART:",
    b"DTSTART;TZID=X:20260601T090000", b"DTSTART;VALUE=DATE:20260601", b"DTSTART:00010101T000000Z",
    b"DTSTART:99991231T235959", b"DTEND:00010101", b"DURATION:-P1D", b"RRULE:FREQ=DAILY;COUNT=3",
    b"RRULE:FREQ=YEARLY", b"RDATE:00010101,99991231T235959Z", b"EXDATE;VALUE=DATE:20260602",
    b"RECURRENCE-ID:20260602T090000Z", b"RECURRENCE-ID;RANGE=THISANDFUTURE:20260602",
    b"RECURRENCE-ID:00010101", b"SEQUENCE:99999999999", b"STATUS:CANCELLED", b"SUMMARY:\xff\x00",
    b"ATTENDEE;CN=:mailto:", b" folded", b"", b"METHOD:CANCEL", b"X-WR-TIMEZONE:Asia/Tokyo",
    b"EXRULE:FREQ=WEEKLY", b"RECURRENCE-ID:99991231T235959Z", b"RECURRENCE-ID:00010101T000000Z",
    b"EXDATE:00010101T000000Z,99991231T235959Z", b"DTSTART;TZID=Asia/Tokyo:00010101T000000",
]), max_size=30))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_no_order_of_lines_raises(lines: list[bytes]) -> None:
    found = expand([b"\r\n".join(lines)], YEAR, LISBON)
    assert isinstance(found, Expansion)
    for meeting in found.meetings:
        assert meeting.is_all_day == (meeting.start_date is not None)
        assert (meeting.starts_at is None) == meeting.is_all_day
        assert meeting.uid


# --- two ways, one answer -----------------------------------------------------------------

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


@st.composite
def rules(draw: st.DrawFn, first: date) -> str:
    """A rule that a calendar program would write for a series that starts on that day."""
    parts = [f"INTERVAL={draw(st.integers(1, 4))}"]
    match draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "MONTHLY-DAY", "YEARLY"])):
        case "DAILY":
            parts.append("FREQ=DAILY")
        case "WEEKLY":
            chosen = draw(st.lists(st.sampled_from(DAYS), unique=True, max_size=4))
            parts += ["FREQ=WEEKLY", *(["BYDAY=" + ",".join(chosen)] if chosen else [])]
            parts.append(f"WKST={draw(st.sampled_from(['MO', 'SU']))}")
        case "MONTHLY":
            parts += ["FREQ=MONTHLY", f"BYMONTHDAY={draw(st.sampled_from([1, 15, 28, 31, -1]))}"]
        case "MONTHLY-DAY":
            parts.append("FREQ=MONTHLY")
            ordinal = draw(st.sampled_from([1, 2, 4, -1]))
            parts.append(f"BYDAY={ordinal}{draw(st.sampled_from(DAYS))}")
        case _:
            parts.append("FREQ=YEARLY")
    match draw(st.sampled_from(["", "COUNT", "UNTIL"])):
        case "COUNT":
            parts.append(f"COUNT={draw(st.integers(1, 60))}")
        case "UNTIL":
            last = first + timedelta(days=draw(st.integers(2, 700)))
            parts.append(f"UNTIL={last:%Y%m%d}T120000Z")
    return ";".join(parts)


@st.composite
def series(draw: st.DrawFn) -> str:
    """A series of one rule with EXDATEs, timed in UTC or a zone."""
    zone = draw(st.sampled_from(["", ";TZID=Europe/Lisbon", ";TZID=America/New_York"]))
    suffix = "" if zone else "Z"
    # Not in the night: the library adds a DURATION on the clock of the wall when that is changed.
    first = draw(st.dates(date(2015, 1, 1), date(2026, 12, 28)))
    start = datetime(first.year, first.month, first.day, draw(st.integers(4, 22)), 30)  # noqa: DTZ001
    rule = draw(rules(first))
    lines = [f"DTSTART{zone}:{start:%Y%m%dT%H%M%S}{suffix}", "DURATION:PT45M", f"RRULE:{rule}"]
    for days in draw(st.lists(st.integers(0, 400), max_size=3)):
        at = start + timedelta(days=days)
        lines.append(f"EXDATE{zone}:{at:%Y%m%dT%H%M%S}{suffix}")
    return event(*lines)


@given(series())
@settings(max_examples=80, deadline=None)
def test_short_way_agrees_with_recurring_ical_events(text: str) -> None:
    window = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
    ours = {
        (meeting.starts_at, meeting.ends_at)
        for meeting in occurrences(text, window=window).meetings
    }
    parsed = icalendar.Calendar.from_ical(calendar(text))
    theirs = {
        (one["DTSTART"].dt.astimezone(UTC), one.end.astimezone(UTC))
        for one in recurring_ical_events.of(parsed).between(window.start, window.end)
    }
    assert ours == theirs


@given(series(), st.booleans())
@settings(max_examples=50, deadline=None)
def test_short_way_agrees_with_the_long_way(text: str, is_all_day: bool) -> None:
    if is_all_day:
        text = text.replace("DURATION:PT45M", "DURATION:P2D")
        lines = text.split("\r\n")
        text = "\r\n".join(
            line.split(";TZID")[0].split(":")[0] + ";VALUE=DATE:" + line.split(":")[1][:8]
            if line.startswith(("DTSTART", "EXDATE"))
            else line
            for line in lines
        )
    found, _ = properties(text.removeprefix("BEGIN:VEVENT\r\n").encode())
    read = read_event(found, Zones([], LISBON), Notes())
    assert is_plain(read)
    span = span_of(YEAR, LISBON)
    short = [one[:3] for one in plain_series(read, span)]
    long = [one[:3] for one in hard_series(read, [], span)[0]]
    assert short == long


@given(series(), st.lists(st.tuples(st.integers(0, 20), st.integers(-300, 300)), max_size=4))
@settings(max_examples=50, deadline=None)
def test_overrides_replace_exactly_the_instances_they_name(
    text: str, moves: list[tuple[int, int]]
) -> None:
    window = Window(datetime(2000, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
    plain = {one.recurrence_id: one for one in occurrences(text, window=window).meetings}
    names = sorted(plain)
    moved: dict[str, datetime] = {}
    for index, hours in moves:
        if index < len(names):
            start = plain[names[index]].starts_at
            assert start is not None
            moved[names[index]] = start + timedelta(hours=hours)
    overrides = [
        event(f"RECURRENCE-ID:{name}", f"DTSTART:{at:%Y%m%dT%H%M%SZ}", "SUMMARY:moved")
        for name, at in moved.items()
    ]
    found = {
        one.recurrence_id: one for one in occurrences(text, *overrides, window=window).meetings
    }
    assert found.keys() == plain.keys()
    for name, meeting in found.items():
        if name in moved:
            assert (meeting.starts_at, meeting.summary) == (moved[name], "moved")
        else:
            assert meeting == plain[name]


STARTS = st.dates(date(1990, 1, 1), date(2026, 12, 31))


@given(STARTS.flatmap(lambda first: st.tuples(st.just(first), rules(first))))
@settings(max_examples=50, deadline=None)
def test_window_far_from_the_start_sees_what_a_window_from_the_start_sees(
    series: tuple[date, str],
) -> None:
    first, rule = series
    text = event(f"DTSTART:{first:%Y%m%d}T101500Z", f"RRULE:{rule}")
    late = Window(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC))
    whole = occurrences(text, window=Window(datetime(1980, 1, 1, tzinfo=UTC), late.end))
    part = occurrences(text, window=late)
    assert [one for one in whole.meetings if (one.starts_at or late.start) >= late.start] == list(
        part.meetings
    )


def test_of_two_uids_the_meetings_have_the_one_that_the_event_is_filed_under() -> None:
    body = (
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n\x0cUID:odd\r\nUID:even\r\n"
        b"DTSTART:20260702T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    (part,) = split_calendar(body).parts
    (meeting,) = expand([part.body], YEAR, ZoneInfo("Europe/Lisbon")).meetings
    assert (part.uid, meeting.uid) == ("even", "even")
