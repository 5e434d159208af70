"""The events of one series → its occurrences in a window. Pure; broken events become rejects.

Single events and plain series (one RRULE, EXDATEs) go the short way: dateutil in the series' own
local time. Overrides, RDATE, EXRULE and THISANDFUTURE go through recurring-ical-events, one UID
at a time, after everything in them was read and bounded by us (`ical_hard`).
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.content_lines import parse_line, unfold
from connectors.ical_blocks import Block, Calendar, calendars, decode
from connectors.ical_event import Details, inherit, read_details
from connectors.ical_rules import RefusedRule, goes_on, starts
from connectors.ical_series import (
    Event,
    Notes,
    Unreadable,
    newest_masters,
    newest_overrides,
    read_event,
)
from connectors.ical_values import Length, Moment, uid_of, utc_text
from connectors.ical_zones import Zones, named_zone
from pipeline.records import Expansion, Meeting, Reject, Window

MAX_BYTES = 10_000_000
"""All bodies of one series together."""
MAX_EVENTS = 10_000
"""VEVENTs of one series."""
MAX_OCCURRENCES = 10_000
"""Occurrences of one series in a window; of more the latest are taken."""

_DAY = timedelta(days=1)


class Occurrence(NamedTuple):
    """When one occurrence is: UTC instants, or naive midnights of the owner's days."""

    recurrence_id: str
    begin: datetime
    finish: datetime
    event: Event

    @property
    def is_date(self) -> bool:
        """Whether it takes whole days."""
        return self.begin.tzinfo is None


@dataclass(frozen=True, slots=True)
class Span:
    """A window in UTC, and on the clock of the owner for whole days."""

    start: datetime
    end: datetime
    zone: ZoneInfo
    local_start: datetime
    local_end: datetime

    def has(self, begin: datetime, finish: datetime) -> bool:
        """Whether it overlaps; what takes no time is in the window when it starts there."""
        if begin.tzinfo is None:
            return begin < self.local_end and finish > self.local_start
        return begin < self.end and (begin >= self.start or finish > self.start)

    def close(self, like: Moment) -> datetime:
        """The window's end on a series' own clock."""
        if like.zone is None:
            return self.local_end
        return self.end.astimezone(like.zone).replace(tzinfo=None)

    def around(self, like: Moment, longest: timedelta) -> tuple[datetime, datetime]:
        """Bounds on a series' own clock between which everything starts that overlaps."""
        if like.zone is None:
            return _moved(self.local_start, -longest), self.local_end
        low = self.start.astimezone(like.zone).replace(tzinfo=None)
        # A day more, because clocks are changed between.
        return _moved(low, -longest - _DAY), _moved(self.close(like), _DAY)


def expand(bodies: Sequence[bytes], window: Window, zone: ZoneInfo) -> Expansion:
    """The occurrences of a series, or of a single event, that overlap a window.

    :param bodies: text/calendar of the same UID; its parts may stand in several.
    :param zone: the owner's: where floating times are meant and days begin.
    """
    if sum(len(body) for body in bodies) > MAX_BYTES:
        reason = f"larger than {MAX_BYTES // 1_000_000} MB"
        return Expansion(rejects=(Reject(reason, content=bodies[0][:1000]),))
    notes = Notes()
    rejects: list[Reject] = []
    by_uid: dict[str, list[Event]] = {}
    for body in bodies:
        for calendar in calendars(body):
            _read_calendar(calendar, zone, by_uid, notes, rejects)
    span = _span(window, zone)
    meetings: list[Meeting] = []
    is_open = False
    for uid, events in by_uid.items():
        try:
            found, goes = _expand_uid(uid, events, span, notes)
        except RefusedRule as error:
            rejects.append(Reject(f"its rule is refused: {error}", content=_sample(events)))
        except (ValueError, ArithmeticError) as error:
            rejects.append(Reject(f"it cannot be expanded: {error}", content=_sample(events)))
        else:
            meetings += found
            is_open |= goes
    if not by_uid and not rejects:
        content = b"".join(bodies)[:1000]
        rejects.append(Reject("there is no event in it", content=content))
    return Expansion(tuple(meetings), (*rejects, *notes.finish()), is_open)


# --- reading ------------------------------------------------------------------------------


def _read_calendar(
    calendar: Calendar,
    zone: ZoneInfo,
    by_uid: dict[str, list[Event]],
    notes: Notes,
    rejects: list[Reject],
) -> None:
    method, home = _header(calendar.header, zone, notes)
    definitions = {
        tzid: block
        for block in calendar.blocks
        if block.name == "VTIMEZONE" and (tzid := _tzid(block))
    }
    zones = Zones(definitions, home)
    for block in calendar.blocks:
        if block.name != "VEVENT":
            continue
        uid = uid_of(block)
        events = by_uid.setdefault(uid, [])
        if len(events) >= MAX_EVENTS:
            notes.warn(f"more than {MAX_EVENTS:,} parts of one event: the others were left out")
            return
        try:
            event = read_event(block, zones, notes, is_cancelled=method == "CANCEL")
        except Unreadable as error:
            rejects.append(Reject(str(error), content=block.whole[:100_000]))
        else:
            events.append(event)
    for tzid in sorted(zones.unknown):
        notes.warn(f"an unknown time zone, taken for {zone.key}", f"TZID={tzid}")


def _header(header: bytes, zone: ZoneInfo, notes: Notes) -> tuple[str, ZoneInfo]:
    """METHOD, and the zone of floating times."""
    method, home = "", zone
    if not header.strip():
        return method, home
    for line in decode(unfold(header)).split("\n"):
        parsed = parse_line(line) if line[:1] in "MmXx" else None
        if parsed is None:
            continue
        head, value = parsed
        if head.name == "METHOD":
            method = value.strip().upper()
        elif head.name == "X-WR-TIMEZONE":
            named = named_zone(value)
            if isinstance(named, ZoneInfo):
                home = named
            elif named is UTC:
                home = ZoneInfo("UTC")
            else:
                notes.warn("X-WR-TIMEZONE names no zone", line)
    return method, home


def _tzid(block: Block) -> str | None:
    for line in decode(unfold(block.own)).split("\n"):
        parsed = parse_line(line)
        if parsed and parsed[0].name == "TZID":
            return parsed[1].strip().strip('"')
    return None


def _sample(events: list[Event]) -> bytes:
    lines = [f"{name}:{line.value}" for name, found in events[0].found.items() for line in found]
    return "\n".join(lines)[:1000].encode("utf-8", "replace")


def _span(window: Window, zone: ZoneInfo) -> Span:
    start, end = window.start.astimezone(UTC), window.end.astimezone(UTC)
    return Span(
        start,
        end,
        zone,
        start.astimezone(zone).replace(tzinfo=None),
        end.astimezone(zone).replace(tzinfo=None),
    )


def _moved(at: datetime, by: timedelta) -> datetime:
    try:
        return at + by
    except OverflowError:
        return datetime.min if by < timedelta() else datetime.max  # noqa: DTZ901 - local


# --- expanding ----------------------------------------------------------------------------


def _expand_uid(
    uid: str, events: list[Event], span: Span, notes: Notes
) -> tuple[list[Meeting], bool]:
    masters, overrides = newest_masters(events), newest_overrides(events)
    if not overrides and not any(event.repeats for event in masters):
        return _singles(uid, masters, span)
    found: dict[str, Occurrence] = {}
    is_open = False
    for master, mine in _series(masters, overrides):
        if master is not None and not mine and is_plain(master):
            occurrences: Iterable[Occurrence] = plain_series(master, span)
            goes = goes_on(master.rules[0], master.start.local, span.close(master.start))
        else:
            from connectors.ical_hard import hard_series

            occurrences, goes = hard_series(master, mine, span)
        latest = deque(occurrences, MAX_OCCURRENCES + 1)
        if len(latest) > MAX_OCCURRENCES:
            latest.popleft()
            notes.warn(f"more than {MAX_OCCURRENCES:,} occurrences: the latest were taken")
        for one in latest:
            if one.recurrence_id not in found or one.event.recurrence_id is not None:
                found[one.recurrence_id] = one
        is_open |= goes
    return _meetings(uid, found.values(), masters[0] if masters else None), is_open


def _series(
    masters: list[Event], overrides: list[Event]
) -> Iterator[tuple[Event | None, list[Event]]]:
    """Each master with its overrides: they belong to the first unless a UID was given twice."""
    yield (masters[0] if masters else None), overrides
    for master in masters[1:]:
        yield master, []


def is_plain(event: Event) -> bool:
    """Whether a series can go the short way."""
    return len(event.rules) == 1 and not event.exrules and not event.rdates


def plain_series(event: Event, span: Span) -> Iterator[Occurrence]:
    """The occurrences of a series with one RRULE, and EXDATEs."""
    first, length = event.start, event.length
    zone = first.zone
    low, high = span.around(first, length.total)
    times, days = excluded(event)
    for local in starts(event.rules[0], first.local, low, high):
        if local in times or (days and local.date() in days):
            continue
        start = Moment(local, zone)
        begin, finish = place(start, length)
        if span.has(begin, finish):
            yield Occurrence(utc_text(start), begin, finish, event)


def excluded(event: Event) -> tuple[set[datetime], set[date]]:
    """EXDATEs as local times, and as days where a date stands for whatever starts on it."""
    zone = event.start.zone
    times = {at.at_zone(zone) for at in event.exdates if zone is None or not at.is_date}
    days = {at.local.date() for at in event.exdates if zone is not None and at.is_date}
    return times, days


def place(start: Moment, length: Length) -> tuple[datetime, datetime]:
    """Begin and end as UTC instants, or as naive midnights."""
    end = length.end_of(start)
    if start.zone is None:
        return start.local, end.local
    begin = start.to_utc()
    # An end that the change to summer time pushes before its start.
    return begin, max(begin, end.to_utc())


def _singles(uid: str, events: list[Event], span: Span) -> tuple[list[Meeting], bool]:
    """Events that do not repeat: one, or several of an exporter that gives UIDs twice."""
    found = []
    is_open = False
    for number, event in enumerate(events):
        begin, finish = place(event.start, event.length)
        name = utc_text(event.start) if number else ""
        if span.has(begin, finish):
            found.append(Occurrence(name, begin, finish, event))
        is_open |= begin >= (span.local_end if begin.tzinfo is None else span.end)
    return _meetings(uid, found, None), is_open


def _meetings(uid: str, found: Iterable[Occurrence], master: Event | None) -> list[Meeting]:
    details: dict[int, Details] = {}
    meetings = []
    for one in found:
        key = id(one.event)
        if key not in details:
            details[key] = _details(one.event, master)
        meetings.append(_meeting(uid, one, details[key], is_recurring=master is not None))
    return meetings


def _details(event: Event, master: Event | None) -> Details:
    found = event.found
    if master is not None and event.recurrence_id is not None:
        found = inherit(found, master.found)
    return read_details(found, is_cancelled=event.is_cancelled)


def _meeting(uid: str, one: Occurrence, details: Details, *, is_recurring: bool) -> Meeting:
    is_date = one.begin.tzinfo is None
    return Meeting(
        uid=uid,
        recurrence_id=one.recurrence_id,
        starts_at=None if is_date else one.begin,
        ends_at=None if is_date else one.finish,
        start_date=one.begin.date() if is_date else None,
        end_date=one.finish.date() if is_date else None,
        is_all_day=is_date,
        is_recurring=is_recurring or one.event.recurrence_id is not None,
        summary=details.summary,
        location=details.location,
        status=details.status,
        visibility=details.visibility,
        is_transparent=details.is_transparent,
        event_type=details.event_type,
        categories=details.categories,
        organizer=details.organizer,
        attendees=details.attendees,
    )
