"""Events of the Calendar API → meetings. Pure: bodies in, occurrences out.

A series comes as a master with its rules and as exceptions, each a whole resource of its own. The
rules go through the expander that CalDAV uses too, without the occurrences that have an exception;
everything else about an occurrence is read from its resource, because iCalendar has no words for
some of it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from connectors.contract import Expansion, Meeting, MeetingStatus, Reject, Visibility, Window
from connectors.google import event_guests
from connectors.google.event_times import Times, instant, moment_of, times_of, writer
from connectors.google.json_fields import JsonFields, reason_of, text, within

CALENDAR_KEY = "kithbookCalendar"
"""Under this key the pull keeps, in the event's body, what the list said of its calendar."""

VISIBILITIES: Mapping[str, Visibility] = {"private": "private", "confidential": "confidential"}
STATUSES: Mapping[str, MeetingStatus] = {"cancelled": "cancelled", "tentative": "tentative"}
RULE = re.compile(r"(?:RRULE|EXRULE|RDATE|EXDATE)[;:][^\x00-\x1f]+")

BIRTHDAYS = "addressbook#contacts@group.v.calendar.google.com"
HOLIDAYS = "#holiday@group.v.calendar.google.com"
"""Ends of the ids of the calendars that Google makes by itself; a year ago without eventType."""


def expand(bodies: Sequence[bytes], window: Window, zone: ZoneInfo) -> Expansion:
    """The occurrences of the events with one iCalUID that overlap a window.

    `bodies`: event resources as the pull keeps them; masters, exceptions and single events in any
    order. `zone`: the owner's, where whole days begin. What cannot be read becomes a Reject.
    """
    events, rejects = _load(bodies)
    uid = next((uid_of(event) for event in events if uid_of(event)), None)
    meetings: list[Meeting] = []
    is_open = False
    for event, exceptions in _series(events):
        name = uid or _series_of(event) or str(event.get("id"))
        try:
            found = _expand_one(event, exceptions, name, window, zone)
        except (ValueError, TypeError, ArithmeticError) as error:
            rejects.append(_reject(event, error))
        else:
            meetings += found.meetings
            rejects += found.rejects
            is_open = is_open or found.is_open
    return Expansion(tuple(meetings), tuple(rejects), is_open)


def check(event: JsonFields, zone: ZoneInfo) -> None:
    """See that an event has a time that can be read; a cancelled occurrence has its original one.

    :raises ValueError, OverflowError: it has none.
    """
    times_of(event, zone)


def uid_of(event: JsonFields) -> str | None:
    """The UID it shares with its copies in other calendars, here and elsewhere."""
    return text(event, "iCalUID")


# --- series -------------------------------------------------------------------------------


def _load(bodies: Sequence[bytes]) -> tuple[list[JsonFields], list[Reject]]:
    events: list[JsonFields] = []
    rejects = []
    for body in bodies:
        try:
            event = json.loads(body)
        except ValueError:
            rejects.append(Reject("it is not JSON", content=body[:1000]))
            continue
        if isinstance(event, dict):
            events.append(event)
        else:
            rejects.append(Reject("it is not a JSON object", content=body[:1000]))
    return events, rejects


def _series(events: Sequence[JsonFields]) -> Iterator[tuple[JsonFields, list[JsonFields]]]:
    """Each master or single event with its exceptions, then the exceptions without a master.

    One iCalUID can have several masters: "this and following" splits a series in two.
    """
    masters = {str(event.get("id")): event for event in events if not _series_of(event)}
    exceptions: dict[str, list[JsonFields]] = {key: [] for key in masters}
    orphans = []
    for event in events:
        series = _series_of(event)
        if series in exceptions:
            exceptions[series].append(event)
        elif series:
            orphans.append(event)
    for key, master in masters.items():
        yield master, exceptions[key]
    for orphan in orphans:
        yield orphan, []


def _expand_one(
    event: JsonFields, exceptions: Sequence[JsonFields], uid: str, window: Window, zone: ZoneInfo
) -> Expansion:
    if _series_of(event) or not event.get("recurrence"):
        # A rule that was taken away leaves its exceptions behind; they are no longer meant.
        return _direct([event], uid, window, zone)
    whole, originals, rejects = [], [], []
    for exception in exceptions:
        try:
            originals.append(moment_of(exception, "originalStartTime", zone))
            whole.append(_with_master(exception, event, zone))
        except (ValueError, OverflowError) as error:
            rejects.append(_reject(exception, error))
    moved = _direct(whole, uid, window, zone)
    plain = _by_rule(event, originals, uid, window, zone)
    return Expansion(
        (*plain.meetings, *moved.meetings),
        (*plain.rejects, *moved.rejects, *rejects),
        plain.is_open or moved.is_open,
    )


def _series_of(event: JsonFields) -> str | None:
    """The id of the series that an exception belongs to."""
    return text(event, "recurringEventId")


def _with_master(exception: JsonFields, master: JsonFields, zone: ZoneInfo) -> JsonFields:
    """A cancelled occurrence has only its ids and its original start; the rest is the master's."""
    if exception.get("status") != "cancelled" or exception.get("start"):
        return exception
    original = moment_of(exception, "originalStartTime", zone)
    ends = (original + times_of(master, zone).length).isoformat()
    end = {"dateTime" if isinstance(original, datetime) else "date": ends}
    lasting = {key: value for key, value in master.items() if key != "recurrence"}
    return {**lasting, **exception, "start": exception.get("originalStartTime"), "end": end}


def _direct(events: Sequence[JsonFields], uid: str, window: Window, zone: ZoneInfo) -> Expansion:
    """Events whose time stands in them."""
    meetings, rejects = [], []
    is_open = False
    for event in events:
        try:
            times = times_of(event, zone)
            starts, ends = instant(times.start, zone), instant(times.end, zone)
            is_open = is_open or starts >= window.end
            if starts < window.end and (ends > window.start or starts >= window.start):
                meetings.append(_meeting(event, uid, times, _original(event, zone)))
        except (ValueError, TypeError, OverflowError) as error:
            rejects.append(_reject(event, error))
    return Expansion(tuple(meetings), tuple(rejects), is_open)


def _by_rule(
    master: JsonFields,
    originals: Sequence[datetime | date],
    uid: str,
    window: Window,
    zone: ZoneInfo,
) -> Expansion:
    """The occurrences that have no exception, through the expander for iCalendar."""
    from connectors.ical import expand as expand_calendar

    found = expand_calendar([_calendar(master, originals, zone)], window, zone)
    likeness = _meeting(master, uid, times_of(master, zone), "")
    meetings = tuple(
        replace(
            likeness,
            recurrence_id=one.recurrence_id,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            start_date=one.start_date,
            end_date=one.end_date,
            is_all_day=one.is_all_day,
            is_recurring=True,
        )
        for one in found.meetings
    )
    href = str(master.get("id"))
    rejects = tuple(replace(one, href=href) for one in found.rejects)
    return Expansion(meetings, rejects, found.is_open)


def _calendar(master: JsonFields, originals: Sequence[datetime | date], zone: ZoneInfo) -> bytes:
    """The times of a master as iCalendar (RFC 5545 section 3.6.1), without the exceptions'."""
    times = times_of(master, zone)
    written = writer(master)
    found = master.get("recurrence")
    lines_found = [str(line) for line in found] if isinstance(found, list) else []
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        "UID:series",
        f"DTSTART{written(times.start)}",
        f"DTEND{written(times.end)}",
        *(line for line in lines_found if RULE.fullmatch(line)),
    ]
    # An exception from when the series was of the other kind, by hours or by days, stays one.
    like = [one for one in originals if isinstance(one, datetime) != times.is_all_day]
    lines += [f"EXDATE{written(original)}" for original in like]
    return "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()


# --- one event ----------------------------------------------------------------------------


def _meeting(event: JsonFields, uid: str, times: Times, recurrence_id: str) -> Meeting:
    start, end = times.start, times.end
    is_all_day = times.is_all_day
    return Meeting(
        uid=uid,
        recurrence_id=recurrence_id,
        starts_at=start if isinstance(start, datetime) else None,
        ends_at=end if isinstance(end, datetime) else None,
        start_date=start if is_all_day else None,
        end_date=end if is_all_day else None,
        is_all_day=is_all_day,
        is_recurring=bool(_series_of(event) or event.get("recurrence")),
        summary=text(event, "summary"),
        location=text(event, "location"),
        status=STATUSES.get(str(event.get("status")), "confirmed"),
        visibility=VISIBILITIES.get(str(event.get("visibility")), "public"),
        is_transparent=event.get("transparency") == "transparent",
        event_type=_event_type(event),
        organizer=event_guests.organizer(event, is_own=_is_own(event)),
        attendees=event_guests.attendees(event, is_own=_is_own(event)),
        are_attendees_omitted=bool(event.get("attendeesOmitted")),
    )


def _is_own(event: JsonFields) -> bool:
    """Whether `self` means the owner: in calendars of others, or of groups, it means those."""
    return within(event, CALENDAR_KEY).get("isOwn") is not False


def _event_type(event: JsonFields) -> str:
    address = text(within(event, "organizer"), "email") or ""
    if address.endswith(BIRTHDAYS):
        return "birthday"
    if address.endswith(HOLIDAYS):
        return "holiday"
    return text(event, "eventType") or "default"


def _original(event: JsonFields, zone: ZoneInfo) -> str:
    """What names an occurrence in its series: when it would have been."""
    if not _series_of(event):
        return ""
    key = "originalStartTime" if event.get("originalStartTime") else "start"
    moment = moment_of(event, key, zone)
    return f"{moment:%Y%m%dT%H%M%SZ}" if isinstance(moment, datetime) else f"{moment:%Y%m%d}"


def _reject(event: JsonFields, error: Exception) -> Reject:
    return Reject(
        reason_of(error),
        href=text(event, "id"),
        content=json.dumps(event, ensure_ascii=False).encode("utf-8", "surrogatepass"),
    )
