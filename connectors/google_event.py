"""Events of the Calendar API → meetings. Pure: bodies in, occurrences out.

A series comes as a master with its rules and as exceptions, each a whole resource of its own. The
rules go through the expander that CalDAV uses too, without the occurrences that have an exception;
everything else about an occurrence is read from its resource, because iCalendar has no words for
some of it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors import google_guests as guests
from connectors.ical_zones import named_zone
from pipeline.records import Expansion, Meeting, MeetingStatus, Reject, Visibility, Window

Event = Mapping[str, Any]

CALENDAR_KEY = "kithbookCalendar"
"""Under this key the pull keeps, in the event's body, what the list said of its calendar."""

VISIBILITIES: Mapping[str, Visibility] = {"private": "private", "confidential": "confidential"}
STATUSES: Mapping[str, MeetingStatus] = {"cancelled": "cancelled", "tentative": "tentative"}
RULE = re.compile(r"(?:RRULE|EXRULE|RDATE|EXDATE)[;:][^\x00-\x1f]+")

BIRTHDAYS = "addressbook#contacts@group.v.calendar.google.com"
HOLIDAYS = "#holiday@group.v.calendar.google.com"
"""Ends of the ids of the calendars that Google makes by itself; a year ago without eventType."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Times:
    """When an event is: either two instants in UTC, or two dates of which the second is beyond."""

    start: datetime | date
    end: datetime | date

    @property
    def is_all_day(self) -> bool:
        """Whether it is a matter of days."""
        return not isinstance(self.start, datetime)

    @property
    def length(self) -> timedelta:
        """How long it takes."""
        start, end = self.start, self.end
        if isinstance(start, datetime) and isinstance(end, datetime):
            return end - start
        return timedelta(days=end.toordinal() - start.toordinal())


def expand(bodies: Sequence[bytes], window: Window, zone: ZoneInfo) -> Expansion:
    """The occurrences of the events with one iCalUID that overlap a window.

    `bodies`: event resources as the pull keeps them; masters, exceptions and single events in any
    order. `zone`: the owner's, where whole days begin. What cannot be read becomes a Reject.
    """
    events, rejects = _load(bodies)
    uid = next((str(event["iCalUID"]) for event in events if event.get("iCalUID")), None)
    meetings: list[Meeting] = []
    is_open = False
    for event, exceptions in _series(events):
        name = uid or str(event.get("recurringEventId") or event.get("id"))
        try:
            found = _expand_one(event, exceptions, name, window, zone)
        except (ValueError, TypeError, ArithmeticError) as error:
            rejects.append(_reject(event, error))
        else:
            meetings += found.meetings
            rejects += found.rejects
            is_open = is_open or found.is_open
    return Expansion(tuple(meetings), tuple(rejects), is_open)


def check(event: Event, zone: ZoneInfo) -> None:
    """See that an event has a time that can be read; a cancelled occurrence has its original one.

    :raises ValueError, TypeError: it has none.
    """
    times_of(event, zone)


def uid_of(event: Event) -> str | None:
    """The UID it shares with its copies in other calendars, here and elsewhere."""
    uid = event.get("iCalUID")
    return uid if isinstance(uid, str) and uid else None


# --- series -------------------------------------------------------------------------------


def _load(bodies: Sequence[bytes]) -> tuple[list[Event], list[Reject]]:
    events: list[Event] = []
    rejects = []
    for body in bodies:
        try:
            event = json.loads(body)
        except ValueError as error:
            rejects.append(Reject(f"it is no JSON: {error}", content=body[:1000]))
            continue
        if isinstance(event, dict):
            events.append(event)
        else:
            rejects.append(Reject("it is no JSON object", content=body[:1000]))
    return events, rejects


def _series(events: Sequence[Event]) -> Iterator[tuple[Event, list[Event]]]:
    """Each master or single event with its exceptions, then the exceptions without a master.

    One iCalUID can have several masters: "this and following" splits a series in two.
    """
    masters = {event.get("id"): event for event in events if not event.get("recurringEventId")}
    exceptions: dict[object, list[Event]] = {key: [] for key in masters}
    orphans = []
    for event in events:
        master_id = event.get("recurringEventId")
        if master_id in exceptions:
            exceptions[master_id].append(event)
        elif master_id:
            orphans.append(event)
    for key, master in masters.items():
        yield master, exceptions[key]
    for orphan in orphans:
        yield orphan, []


def _expand_one(
    event: Event, exceptions: Sequence[Event], uid: str, window: Window, zone: ZoneInfo
) -> Expansion:
    if event.get("recurringEventId"):
        return _direct([event], uid, window, zone)
    if not event.get("recurrence"):
        # A rule that was taken away leaves its exceptions behind; they are no longer meant.
        return _direct([event], uid, window, zone)
    whole = [_with_master(exception, event, zone) for exception in exceptions]
    moved = _direct(whole, uid, window, zone)
    plain = _by_rule(event, exceptions, uid, window, zone)
    return Expansion(
        (*plain.meetings, *moved.meetings),
        (*plain.rejects, *moved.rejects),
        plain.is_open or moved.is_open,
    )


def _with_master(exception: Event, master: Event, zone: ZoneInfo) -> Event:
    """A cancelled occurrence has only its ids and its original start; the rest is the master's."""
    if exception.get("status") != "cancelled" or exception.get("start"):
        return exception
    original = _moment(exception.get("originalStartTime"), zone)
    ends = (original + times_of(master, zone).length).isoformat()
    end = {"dateTime" if isinstance(original, datetime) else "date": ends}
    lasting = {key: value for key, value in master.items() if key != "recurrence"}
    return {**lasting, **exception, "start": exception.get("originalStartTime"), "end": end}


def _direct(events: Sequence[Event], uid: str, window: Window, zone: ZoneInfo) -> Expansion:
    """Events whose time stands in them."""
    meetings, rejects = [], []
    is_open = False
    for event in events:
        try:
            times = times_of(event, zone)
            recurrence_id = _original(event, zone)
        except (ValueError, TypeError, OverflowError) as error:
            rejects.append(_reject(event, error))
            continue
        starts, ends = (_instant(moment, zone) for moment in (times.start, times.end))
        is_open = is_open or starts >= window.end
        if starts < window.end and (ends > window.start or starts >= window.start):
            meetings.append(_meeting(event, uid, times, recurrence_id))
    return Expansion(tuple(meetings), tuple(rejects), is_open)


def _by_rule(
    master: Event, exceptions: Sequence[Event], uid: str, window: Window, zone: ZoneInfo
) -> Expansion:
    """The occurrences that have no exception, through the expander for iCalendar."""
    from connectors.ical import expand as expand_calendar

    found = expand_calendar([_calendar(master, exceptions, zone)], window, zone)
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


def _calendar(master: Event, exceptions: Sequence[Event], zone: ZoneInfo) -> bytes:
    """The times of a master as iCalendar (RFC 5545 section 3.6.1)."""
    times = times_of(master, zone)
    written = _writer(master.get("start"))
    rules = [str(line) for line in master.get("recurrence") or () if RULE.fullmatch(str(line))]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        "UID:series",
        f"DTSTART{written(times.start)}",
        f"DTEND{written(times.end)}",
        *rules,
    ]
    for exception in exceptions:
        original = _moment(exception.get("originalStartTime"), zone)
        if isinstance(original, datetime) != times.is_all_day:
            lines.append(f"EXDATE{written(original)}")
    return "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()


def _writer(start: Any) -> Any:
    """How moments of this series are written: on the clock of its own zone, else in UTC."""
    named = named_zone(str(start.get("timeZone") or "")) if isinstance(start, dict) else None
    zone_name = named.key if isinstance(named, ZoneInfo) else None

    def write(moment: datetime | date) -> str:
        if not isinstance(moment, datetime):
            return f";VALUE=DATE:{moment:%Y%m%d}"
        if zone_name is None:
            return f":{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        return f";TZID={zone_name}:{moment.astimezone(named):%Y%m%dT%H%M%S}"

    return write


# --- one event ----------------------------------------------------------------------------


def _meeting(event: Event, uid: str, times: Times, recurrence_id: str) -> Meeting:
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
        is_recurring=bool(event.get("recurringEventId") or event.get("recurrence")),
        summary=guests.text(event, "summary"),
        location=guests.text(event, "location"),
        status=STATUSES.get(str(event.get("status")), "confirmed"),
        visibility=VISIBILITIES.get(str(event.get("visibility")), "public"),
        is_transparent=event.get("transparency") == "transparent",
        event_type=_event_type(event),
        organizer=guests.organizer(event, is_own=_is_own(event)),
        attendees=guests.attendees(event, is_own=_is_own(event)),
        are_attendees_omitted=bool(event.get("attendeesOmitted")),
    )


def _is_own(event: Event) -> bool:
    """Whether `self` means the owner: in calendars of others, or of groups, it means those."""
    calendar = event.get(CALENDAR_KEY)
    return not isinstance(calendar, dict) or calendar.get("isOwn") is not False


def _event_type(event: Event) -> str:
    organizer = event.get("organizer")
    address = str(organizer.get("email")) if isinstance(organizer, dict) else ""
    if address.endswith(BIRTHDAYS):
        return "birthday"
    if address.endswith(HOLIDAYS):
        return "holiday"
    return guests.text(event, "eventType") or "default"


def _original(event: Event, zone: ZoneInfo) -> str:
    """What names an occurrence in its series: when it would have been."""
    if not event.get("recurringEventId"):
        return ""
    moment = _moment(event.get("originalStartTime") or event.get("start"), zone)
    return f"{moment:%Y%m%dT%H%M%SZ}" if isinstance(moment, datetime) else f"{moment:%Y%m%d}"


def times_of(event: Event, zone: ZoneInfo) -> Times:
    """When an event is. An end that is unspecified, absent or early is the start (or its day).

    :raises ValueError, TypeError: there is no start that can be read.
    """
    is_bare = event.get("status") == "cancelled" and not event.get("start")
    start = _moment(event.get("originalStartTime" if is_bare else "start"), zone)
    is_timed = isinstance(start, datetime)
    earliest = start if is_timed else start + _DAY
    if not event.get("end") or event.get("endTimeUnspecified"):
        return Times(start, earliest)
    end = _moment(event["end"], zone)
    if isinstance(end, datetime) != is_timed:
        return Times(start, earliest)
    return Times(start, max(end, earliest))


def _moment(found: Any, zone: ZoneInfo) -> datetime | date:
    """An EventDateTime: a date, or an instant, with its own offset or else in its named zone."""
    if not isinstance(found, dict):
        raise TypeError("it has no start")
    if found.get("dateTime"):
        moment = datetime.fromisoformat(str(found["dateTime"]))
        if moment.tzinfo is None:
            named = named_zone(str(found.get("timeZone") or ""))
            moment = moment.replace(tzinfo=named or zone)
        return moment.astimezone(UTC)
    if not found.get("date"):
        raise ValueError("it has no start")
    return date.fromisoformat(str(found["date"]))


def _instant(moment: datetime | date, zone: ZoneInfo) -> datetime:
    """Whole days begin at the owner's midnight."""
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time(), zone)


def _reject(event: Event, error: Exception) -> Reject:
    return Reject(
        f"{type(error).__name__}: {error}",
        href=guests.text(event, "id"),
        content=json.dumps(event, ensure_ascii=False).encode("utf-8", "surrogatepass"),
    )
