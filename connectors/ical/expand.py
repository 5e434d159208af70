"""The events of one series → its occurrences in a window. Pure; broken events become rejects.

Single events and plain series (one RRULE, EXDATEs) go the short way (`simple_series`): dateutil in
the series' own local time. Overrides, RDATE, EXRULE and THISANDFUTURE go through
recurring-ical-events, one UID at a time, after everything in them was read and bounded by us
(`complex_series`).
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from zoneinfo import ZoneInfo

from connectors.charsets import decode_text
from connectors.content_lines import parse_line, unfold
from connectors.contract import Expansion, Meeting, Reject, Window
from connectors.ical.components import Calendar, calendars
from connectors.ical.event_properties import EventDetails, inherit, read_details
from connectors.ical.event_series import (
    MAX_OCCURRENCES,
    Event,
    Unreadable,
    newest_masters,
    newest_overrides,
    read_event,
)
from connectors.ical.parse_warnings import Notes
from connectors.ical.property_values import properties, uid_in
from connectors.ical.recurrence_rules import BadRule
from connectors.ical.rule_expansion import goes_on
from connectors.ical.simple_series import (
    SeriesOccurrence,
    Span,
    is_plain,
    plain_series,
    single_events,
    span_of,
)
from connectors.ical.time_zones import Zones, named_zone

MAX_BYTES = 10_000_000
"""All bodies of one series together."""
MAX_EVENTS = 10_000
"""VEVENTs of one series."""

BEYOND = "its numbers lead out of the calendar"
KEPT = "of its times only those written out were taken"
"""What is kept of a series that cannot be followed: its start, and what was moved."""


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
    span = span_of(window, zone)
    meetings: list[Meeting] = []
    is_open = False
    for uid, events in by_uid.items():
        try:
            found, goes = _expand_bounded(uid, events, span, notes)
        except (ValueError, ArithmeticError):
            rejects.append(Reject(BEYOND, content=_sample(events)))
        else:
            meetings += found
            is_open |= goes
    if not by_uid and not rejects:
        content = b"".join(bodies)[:1000]
        rejects.append(Reject("there is no event in it", content=content))
    return Expansion(tuple(meetings), (*rejects, *notes.finish(bodies)), is_open)


# --- reading ------------------------------------------------------------------------------


def _read_calendar(
    calendar: Calendar,
    zone: ZoneInfo,
    by_uid: dict[str, list[Event]],
    notes: Notes,
    rejects: list[Reject],
) -> None:
    method, home = _header(calendar.header, zone, notes)
    zones = Zones([block for block in calendar.blocks if block.name == "VTIMEZONE"], home)
    for block in calendar.blocks:
        if block.name != "VEVENT":
            continue
        found, broken = properties(block.own)
        # Of several the splitter's is meant; to ask for it each time would cost a tenth.
        uid = block.uid if len(found.get("UID", ())) > 1 else None
        events = by_uid.setdefault(uid or uid_in(found), [])
        if len(events) >= MAX_EVENTS:
            notes.warn(f"more than {MAX_EVENTS:,} parts of one event: the others were left out")
            return
        for line in broken:
            notes.warn("a line without a property", line)
        if b"\0" in block.own:
            notes.warn("NUL characters were left out")
        if not block.is_closed:
            notes.warn("END:VEVENT is missing; the event was read up to where it breaks off")
        try:
            event = read_event(found, zones, notes)
        except Unreadable as error:
            rejects.append(Reject(str(error), content=block.whole[:100_000]))
        else:
            event.is_cancelled = method == "CANCEL"
            events.append(event)
    for tzid in sorted(zones.unknown):
        notes.warn(f"an unknown time zone, taken for {zone.key}", f"TZID={tzid}")


def _header(header: bytes, zone: ZoneInfo, notes: Notes) -> tuple[str, ZoneInfo]:
    """METHOD, and the zone of floating times."""
    method, home = "", zone
    if not header.strip():
        return method, home
    for line in decode_text(unfold(header)).split("\n"):
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


def _sample(events: list[Event]) -> bytes:
    lines = [f"{name}:{line.value}" for name, found in events[0].found.items() for line in found]
    return "\n".join(lines)[:1000].encode("utf-8", "replace")


# --- expanding ----------------------------------------------------------------------------


def _expand_bounded(
    uid: str, events: list[Event], span: Span, notes: Notes
) -> tuple[list[Meeting], bool]:
    """The meetings of a UID, and whether it goes on; of what cannot be followed what is written."""
    try:
        return _expand_uid(uid, events, span, notes)
    except (ValueError, ArithmeticError) as error:
        # Only our own errors have words for people.
        why = str(error) if isinstance(error, BadRule) else BEYOND
        notes.warn(f"{why}: {KEPT}")
        return _written_out(uid, events, span)


def _expand_uid(
    uid: str, events: list[Event], span: Span, notes: Notes
) -> tuple[list[Meeting], bool]:
    masters, overrides = newest_masters(events), newest_overrides(events)
    if not overrides and not any(event.repeats for event in masters):
        singles, is_open = single_events(masters, span)
        return _meetings(uid, singles, None), is_open
    found: dict[str, SeriesOccurrence] = {}
    is_open = False
    for master, mine in _series(masters, overrides):
        if master is not None and not mine and is_plain(master):
            occurrences: Iterable[SeriesOccurrence] = plain_series(master, span)
            goes = goes_on(master.rules[0], master.start.local, span.close(master.start))
        else:
            from connectors.ical.complex_series import hard_series

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


def _written_out(uid: str, events: list[Event], span: Span) -> tuple[list[Meeting], bool]:
    """What is left of a series that cannot be followed: its start, and what was moved."""
    from connectors.ical.complex_series import alone

    overrides = newest_overrides(events)
    moved = {event.instance for event in overrides}
    masters = [event for event in newest_masters(events) if event.start not in moved]
    singles, is_open = single_events(masters, span)
    return _meetings(uid, [*singles, *alone(overrides, span)], None), is_open


def _series(
    masters: list[Event], overrides: list[Event]
) -> Iterator[tuple[Event | None, list[Event]]]:
    """Each master with its overrides: they belong to the first unless a UID was given twice."""
    yield (masters[0] if masters else None), overrides
    for master in masters[1:]:
        yield master, []


def _meetings(uid: str, found: Iterable[SeriesOccurrence], master: Event | None) -> list[Meeting]:
    details: dict[int, EventDetails] = {}
    meetings = []
    for one in found:
        key = id(one.event)
        if key not in details:
            details[key] = _details(one.event, master)
        meetings.append(_meeting(uid, one, details[key], is_recurring=master is not None))
    return meetings


def _details(event: Event, master: Event | None) -> EventDetails:
    found = event.found
    if master is not None and event.recurrence_id is not None:
        found = inherit(found, master.found)
    return read_details(found, is_cancelled=event.is_cancelled)


def _meeting(
    uid: str, one: SeriesOccurrence, details: EventDetails, *, is_recurring: bool
) -> Meeting:
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
