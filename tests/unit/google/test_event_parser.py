"""What Google's event resources mean, case by case."""

import json
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors import load
from connectors.contract import Expansion, Meeting, Window
from connectors.google.calendar import expand
from connectors.google.event_parser import CALENDAR_KEY

LISBON = ZoneInfo("Europe/Lisbon")
YEAR = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
OWNER = {"email": "ana@example.org", "self": True, "responseStatus": "accepted"}
RUI = {"email": "Rui@Example.net", "displayName": "Rui Costa", "responseStatus": "accepted"}


def event(key: str = "e1", **fields: Any) -> dict[str, Any]:
    return {
        "kind": "calendar#event",
        "id": key,
        "status": "confirmed",
        "iCalUID": "e1@google.com",
        "summary": "Coffee",
        "start": {"dateTime": "2026-03-02T10:00:00Z"},
        "end": {"dateTime": "2026-03-02T11:00:00Z"},
        "organizer": {"email": "ana@example.org", "self": True},
        "attendees": [OWNER, RUI],
    } | fields


def weekly(key: str = "e1", count: int = 4, **fields: Any) -> dict[str, Any]:
    """Mondays at ten in Lisbon from 16 March: the clocks change on 29 March."""
    return event(
        key,
        **{
            "start": {"dateTime": "2026-03-16T10:00:00Z", "timeZone": "Europe/Lisbon"},
            "end": {"dateTime": "2026-03-16T11:00:00Z", "timeZone": "Europe/Lisbon"},
            "recurrence": [f"RRULE:FREQ=WEEKLY;COUNT={count}"],
        }
        | fields,
    )


def expanded(*events: dict[str, Any], window: Window = YEAR) -> Expansion:
    return expand([json.dumps(one).encode() for one in events], window, LISBON)


def meetings(*events: dict[str, Any], window: Window = YEAR) -> list[Meeting]:
    found = expanded(*events, window=window)
    assert found.rejects == ()
    return sorted(found.meetings, key=lambda one: (one.starts_at or YEAR.end, one.recurrence_id))


def the_meeting(**fields: Any) -> Meeting:
    (meeting,) = meetings(event(**fields))
    return meeting


def starts(found: list[Meeting]) -> list[str]:
    return [f"{one.starts_at:%m-%dT%H:%M}" for one in found]


def test_expander_is_registered() -> None:
    assert load("connectors.google.calendar:expand") is expand


# --- one event ------------------------------------------------------------------------------


def test_single_event() -> None:
    meeting = the_meeting(location="Rua A 1")
    assert (meeting.uid, meeting.recurrence_id) == ("e1@google.com", "")
    assert meeting.starts_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert meeting.ends_at == datetime(2026, 3, 2, 11, tzinfo=UTC)
    assert (meeting.summary, meeting.location) == ("Coffee", "Rua A 1")
    assert not meeting.is_recurring
    assert not meeting.is_all_day
    assert (meeting.status, meeting.visibility, meeting.event_type) == (
        "confirmed",
        "public",
        "default",
    )


def test_all_day_stays_a_matter_of_dates_with_an_exclusive_end() -> None:
    meeting = the_meeting(start={"date": "2026-03-02"}, end={"date": "2026-03-04"})
    assert meeting.is_all_day
    assert (meeting.start_date, meeting.end_date) == (date(2026, 3, 2), date(2026, 3, 4))
    assert (meeting.starts_at, meeting.ends_at) == (None, None)


@pytest.mark.parametrize(
    ("start", "hour"),
    [
        ({"dateTime": "2026-07-01T10:00:00+02:00"}, 8),
        ({"dateTime": "2026-07-01T10:00:00", "timeZone": "America/New_York"}, 14),
        ({"dateTime": "2026-07-01T10:00:00.000Z", "timeZone": "America/New_York"}, 10),
        ({"dateTime": "2026-07-01T10:00:00"}, 9),
    ],
)
def test_times_have_an_offset_or_a_zone_or_are_the_owners(start: dict[str, str], hour: int) -> None:
    meeting = the_meeting(start=start, end={"dateTime": "2026-07-01T23:00:00Z"})
    assert meeting.starts_at == datetime(2026, 7, 1, hour, tzinfo=UTC)


def test_an_unspecified_end_is_no_end() -> None:
    assert the_meeting(endTimeUnspecified=True).ends_at == datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_an_end_before_the_start_or_none_takes_no_time() -> None:
    early = the_meeting(end={"dateTime": "2026-03-02T09:00:00Z"})
    assert early.starts_at == early.ends_at
    assert the_meeting(end=None).ends_at == early.starts_at
    assert the_meeting(start={"date": "2026-03-02"}, end=None).end_date == date(2026, 3, 3)


def test_a_year_that_no_calendar_has_is_a_reject() -> None:
    found = expanded(event(start={"date": "0000-12-30"}))
    assert found.meetings == ()
    (reject,) = found.rejects
    assert reject.href == "e1"
    assert b"0000-12-30" in reject.content


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"\xff", b"{}"])
def test_what_is_no_event_is_a_reject(body: bytes) -> None:
    found = expand([body], YEAR, LISBON)
    assert found.meetings == ()
    assert len(found.rejects) == 1


def test_event_beyond_the_window_is_expanded_again_later() -> None:
    window = Window(YEAR.start, datetime(2026, 2, 1, tzinfo=UTC))
    assert expanded(event(), window=window) == Expansion(is_open=True)
    assert not expanded(event()).is_open


def test_all_day_on_the_edge_is_the_owners_day() -> None:
    """Midnight of 1 March in Kiritimati is 10:00 UTC on 28 February."""
    body = json.dumps(event(start={"date": "2026-03-01"}, end={"date": "2026-03-02"})).encode()
    window = Window(datetime(2026, 2, 28, tzinfo=UTC), datetime(2026, 2, 28, 11, tzinfo=UTC))
    assert len(expand([body], window, ZoneInfo("Pacific/Kiritimati")).meetings) == 1
    assert expand([body], window, LISBON).meetings == ()


# --- people ---------------------------------------------------------------------------------


def test_attendees_with_replies_and_roles() -> None:
    owner, rui, eva = the_meeting(
        attendees=[
            OWNER,
            RUI | {"organizer": True},
            {"email": "eva@example.net", "optional": True, "responseStatus": "needsAction"},
        ]
    ).attendees
    assert (owner.email, owner.is_owner, owner.reply) == ("ana@example.org", True, "accepted")
    assert (rui.email, rui.name, rui.is_owner) == ("rui@example.net", "Rui Costa", False)
    assert (eva.role, eva.reply, rui.role) == ("optional", "needs-action", "required")


def test_declined_by_the_owner_is_still_there_and_says_so() -> None:
    (owner,) = the_meeting(attendees=[OWNER | {"responseStatus": "declined"}]).attendees
    assert (owner.is_owner, owner.reply) == (True, "declined")


def test_unknown_reply_passes() -> None:
    (rui,) = the_meeting(attendees=[RUI | {"responseStatus": "perhaps"}]).attendees
    assert rui.reply == "unknown"


def test_rooms_calendars_and_groups_are_no_people() -> None:
    found = the_meeting(
        attendees=[
            {"email": "room@resource.calendar.google.com", "displayName": "Room 1"},
            {"email": "beamer@example.org", "resource": True},
            {"email": "c_1@group.calendar.google.com"},
            {"email": "team@googlegroups.com"},
        ]
    )
    assert [one.kind for one in found.attendees] == ["resource", "resource", "resource", "group"]


def test_attendee_without_an_address_keeps_the_name() -> None:
    found = the_meeting(attendees=[{"id": "117", "displayName": "Rui"}, {"id": "118"}])
    (rui,) = found.attendees
    assert (rui.email, rui.name) == (None, "Rui")


def test_no_attendees_is_an_own_appointment() -> None:
    found = the_meeting(attendees=None)
    assert found.attendees == ()
    assert found.organizer is not None
    assert found.organizer.is_owner


def test_omitted_attendees_are_said_to_be_omitted() -> None:
    assert the_meeting(attendees=[OWNER], attendeesOmitted=True).are_attendees_omitted
    assert not the_meeting().are_attendees_omitted


def test_organizer_that_is_a_calendar_stands_for_whoever_made_the_event() -> None:
    found = the_meeting(
        organizer={"email": "c_1@group.calendar.google.com", "displayName": "Family", "self": True},
        creator={"email": "rui@example.net"},
    )
    assert found.organizer is not None
    assert (found.organizer.email, found.organizer.is_owner) == ("rui@example.net", False)


def test_self_in_the_calendar_of_somebody_else_is_not_the_owner() -> None:
    found = the_meeting(**{CALENDAR_KEY: {"isOwn": False}})
    assert not any(one.is_owner for one in found.attendees)
    assert found.organizer is not None
    assert not found.organizer.is_owner


def test_unknown_organizer_of_an_event_from_a_mail_is_nobody() -> None:
    found = the_meeting(
        eventType="fromGmail", organizer={"email": "unknownorganizer@calendar.google.com"}
    )
    assert found.organizer is None
    assert found.event_type == "fromGmail"


# --- kinds of events ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [
        "default",
        "birthday",
        "focusTime",
        "fromGmail",
        "outOfOffice",
        "workingLocation",
        "ofTheFuture",
    ],
)
def test_event_types_pass_as_they_are(kind: str) -> None:
    assert the_meeting(eventType=kind).event_type == kind


def test_birthday_recurs_each_year_on_a_date() -> None:
    found = meetings(
        event(
            eventType="birthday",
            start={"date": "2024-02-29"},
            end={"date": "2024-03-01"},
            recurrence=["RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"],
            birthdayProperties={"type": "birthday", "contact": "people/c1"},
        )
    )
    assert [one.start_date for one in found] == [date(2026, 2, 28)]
    assert found[0].event_type == "birthday"


def test_calendars_that_google_makes_itself_name_their_kind() -> None:
    birthdays = {"email": "addressbook#contacts@group.v.calendar.google.com"}
    holidays = {"email": "en.pt#holiday@group.v.calendar.google.com"}
    assert the_meeting(organizer=birthdays).event_type == "birthday"
    assert the_meeting(organizer=holidays).event_type == "holiday"


def test_private_event_on_a_shared_calendar_has_only_its_time() -> None:
    found = the_meeting(visibility="private", summary=None, attendees=None, organizer=None)
    assert (found.visibility, found.summary) == ("private", None)
    assert (found.attendees, found.organizer) == ((), None)
    assert the_meeting(visibility="confidential").visibility == "confidential"


def test_transparent_and_tentative() -> None:
    found = the_meeting(transparency="transparent", status="tentative")
    assert found.is_transparent
    assert found.status == "tentative"


# --- series ---------------------------------------------------------------------------------


def test_series_keeps_its_hour_when_the_clocks_change() -> None:
    found = meetings(weekly())
    assert starts(found) == ["03-16T10:00", "03-23T10:00", "03-30T09:00", "04-06T09:00"]
    assert [one.recurrence_id for one in found][:2] == ["20260316T100000Z", "20260323T100000Z"]
    assert all(one.is_recurring and len(one.attendees) == 2 for one in found)


def test_series_without_end_is_expanded_again_later() -> None:
    assert expanded(weekly(recurrence=["RRULE:FREQ=WEEKLY"])).is_open
    assert not expanded(weekly()).is_open


def test_series_without_a_named_zone_goes_by_its_offset() -> None:
    found = meetings(
        weekly(start={"dateTime": "2026-03-16T10:00:00Z"}, end={"dateTime": "2026-03-16T11:00:00Z"})
    )
    assert starts(found)[-1] == "04-06T10:00"


def test_moved_occurrence_stands_instead_of_its_original() -> None:
    moved = event(
        "e1_20260323T100000Z",
        recurringEventId="e1",
        originalStartTime={"dateTime": "2026-03-23T10:00:00Z"},
        start={"dateTime": "2026-03-24T15:00:00Z"},
        end={"dateTime": "2026-03-24T16:00:00Z"},
        summary="Coffee, moved",
        attendees=[OWNER],
    )
    found = meetings(moved, weekly())
    assert starts(found) == ["03-16T10:00", "03-24T15:00", "03-30T09:00", "04-06T09:00"]
    assert found[1].recurrence_id == "20260323T100000Z"
    assert (found[1].summary, len(found[1].attendees)) == ("Coffee, moved", 1)


def test_cancelled_occurrence_of_which_only_the_ids_are_known() -> None:
    cancelled = {
        "id": "e1_20260323T100000Z",
        "status": "cancelled",
        "recurringEventId": "e1",
        "originalStartTime": {"dateTime": "2026-03-23T10:00:00Z"},
    }
    found = meetings(weekly(), cancelled)
    assert starts(found) == ["03-16T10:00", "03-23T10:00", "03-30T09:00", "04-06T09:00"]
    assert [one.status for one in found] == ["confirmed", "cancelled", "confirmed", "confirmed"]
    assert (found[1].summary, len(found[1].attendees)) == ("Coffee", 2)
    assert found[1].ends_at == datetime(2026, 3, 23, 11, tzinfo=UTC)
    assert {one.uid for one in found} == {"e1@google.com"}


def test_all_day_occurrence_of_a_timed_series() -> None:
    whole = event(
        "e1_20260323T100000Z",
        recurringEventId="e1",
        originalStartTime={"dateTime": "2026-03-23T10:00:00Z"},
        start={"date": "2026-03-23"},
        end={"date": "2026-03-24"},
    )
    found = meetings(weekly(), whole)
    assert len(found) == 4
    assert [one.start_date for one in found if one.is_all_day] == [date(2026, 3, 23)]


def test_exceptions_of_an_all_day_series_go_by_dates() -> None:
    series = weekly(start={"date": "2026-03-16"}, end={"date": "2026-03-17"})
    gone = {
        "id": "e1_20260323",
        "status": "cancelled",
        "recurringEventId": "e1",
        "originalStartTime": {"date": "2026-03-23"},
    }
    found = {one.start_date: one.status for one in meetings(series, gone)}
    assert found[date(2026, 3, 23)] == "cancelled"
    assert list(found.values()).count("confirmed") == 3


def test_exdate_and_rdate_lines_are_kept() -> None:
    found = meetings(
        weekly(
            recurrence=[
                "RRULE:FREQ=WEEKLY;COUNT=3",
                "EXDATE;TZID=Europe/Lisbon:20260323T100000",
                "RDATE;TZID=Europe/Lisbon:20260320T180000",
            ]
        )
    )
    assert starts(found) == ["03-16T10:00", "03-20T18:00", "03-30T09:00"]


def test_exrule_takes_away() -> None:
    found = meetings(
        weekly(recurrence=["RRULE:FREQ=WEEKLY;COUNT=4", "EXRULE:FREQ=WEEKLY;INTERVAL=2"])
    )
    assert starts(found) == ["03-23T10:00", "04-06T09:00"]


def test_exception_before_or_without_its_master() -> None:
    alone = event(
        "e9_20260323T100000Z",
        recurringEventId="e9",
        originalStartTime={"dateTime": "2026-03-23T10:00:00Z"},
        start={"dateTime": "2026-03-23T10:00:00Z"},
        end={"dateTime": "2026-03-23T11:00:00Z"},
    )
    (found,) = meetings(alone)
    assert found.is_recurring
    assert found.recurrence_id == "20260323T100000Z"


def test_cancelled_exception_without_its_master_is_a_cancelled_meeting() -> None:
    (found,) = meetings(
        {
            "id": "e9_20260323T100000Z",
            "status": "cancelled",
            "recurringEventId": "e9",
            "originalStartTime": {"dateTime": "2026-03-23T10:00:00Z"},
        }
    )
    assert found.status == "cancelled"
    assert found.uid


def test_this_and_following_splits_a_series_in_two_masters() -> None:
    first = weekly(recurrence=["RRULE:FREQ=WEEKLY;UNTIL=20260329T225959Z"])
    second = weekly(
        "e1_R20260330T090000",
        count=2,
        summary="Lunch",
        start={"dateTime": "2026-03-30T12:00:00+01:00", "timeZone": "Europe/Lisbon"},
        end={"dateTime": "2026-03-30T13:00:00+01:00", "timeZone": "Europe/Lisbon"},
    )
    found = meetings(first, second)
    assert starts(found) == ["03-16T10:00", "03-23T10:00", "03-30T11:00", "04-06T11:00"]
    assert [one.summary for one in found] == ["Coffee", "Coffee", "Lunch", "Lunch"]


def test_exceptions_of_a_series_that_no_longer_repeats_are_not_meant() -> None:
    old = event(
        "e1_20260323T100000Z",
        recurringEventId="e1",
        originalStartTime={"dateTime": "2026-03-23T10:00:00Z"},
    )
    assert len(meetings(event(), old)) == 1


def test_of_a_hostile_rule_the_first_time_is_kept_and_said() -> None:
    found = expanded(weekly(recurrence=["RRULE:FREQ=SECONDLY"]))
    assert len(found.meetings) == 1
    assert [reject.href for reject in found.rejects] == ["e1"]


@pytest.mark.parametrize(("said", "guests"), [(2, 2), (0, 0), (-1, 0), ("2", 0), (10**9, 1000)])
def test_guests_that_somebody_brings_along_are_counted(said: Any, guests: int) -> None:
    found = the_meeting(attendees=[OWNER, {**RUI, "additionalGuests": said}])
    assert [one.additional_guests for one in found.attendees] == [0, guests]


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ({"dateTime": "soon"}, "its start is not a time: 'soon'"),
        ({"date": "20260230"}, "its start is not a time: '20260230'"),
        (
            {"dateTime": "0001-01-01T00:00:00+14:00"},
            "its start is not a time: '0001-01-01T00:00:00",
        ),
        ({}, "it has no start"),
    ],
)
def test_reason_of_an_event_without_a_time_is_in_plain_words(
    start: dict[str, str], reason: str
) -> None:
    (reject,) = expanded(event(start=start)).rejects
    assert reject.reason.startswith(reason)


@pytest.mark.parametrize(
    "line", ["DTSTART:20260101T000000Z", "RRULE:FREQ=DAILY\r\nEND:VEVENT", "nonsense"]
)
def test_lines_that_are_no_rules_are_left_out(line: str) -> None:
    assert len(meetings(weekly(recurrence=["RRULE:FREQ=WEEKLY;COUNT=4", line]))) == 4


def test_same_meeting_has_the_uid_and_start_that_caldav_gives_it() -> None:
    ics = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:e1@google.com\r\n"
        "DTSTART;TZID=Europe/Lisbon:20260316T100000\r\nDTEND;TZID=Europe/Lisbon:20260316T110000\r\n"
        "RRULE:FREQ=WEEKLY;COUNT=4\r\nSUMMARY:Coffee\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    from_caldav = load("connectors.ical:expand")([ics.encode()], YEAR, LISBON).meetings
    keys = {(one.uid, one.recurrence_id, one.starts_at) for one in from_caldav}
    assert keys == {(one.uid, one.recurrence_id, one.starts_at) for one in meetings(weekly())}
