"""The VEVENTs of one UID → what repeats how: masters, overrides and their times."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connectors.ical.parse_warnings import Notes
from connectors.ical.property_values import (
    IcalProperty,
    Length,
    Moment,
    Properties,
    parse_duration,
    parse_moment,
    values,
    word_of,
)
from connectors.ical.recurrence_rules import BadRule, Rule, parse_rule
from connectors.ical.time_zones import Zones

MAX_DATES = 10_000
"""RDATEs and EXDATEs that are read of one event."""
MAX_OCCURRENCES = 10_000
"""Occurrences of one series in a window; of more the latest are taken."""
LONGEST_REPEATED = timedelta(days=366)
"""What lasts longer and repeats would fill every day many times over."""


class Unreadable(ValueError):
    """An event of which not even the time is known."""


@dataclass(slots=True)
class Event:
    """One VEVENT with its times read."""

    found: Properties
    start: Moment
    length: Length
    rules: list[Rule] = field(default_factory=list)
    exrules: list[Rule] = field(default_factory=list)
    rdates: dict[Moment, Length | None] = field(default_factory=dict)
    """Extra starts; with a length where the RDATE is a period."""
    exdates: list[Moment] = field(default_factory=list)
    recurrence_id: Moment | None = None
    is_this_and_future: bool = False
    sequence: int = 0
    stamp: str = ""
    is_cancelled: bool = False
    """By the METHOD of its calendar."""

    @property
    def instance(self) -> Moment:
        """The instance that an override stands for."""
        return self.start if self.recurrence_id is None else self.recurrence_id

    @property
    def repeats(self) -> bool:
        """Whether it has occurrences besides its start."""
        return bool(self.rules or self.rdates)


def read_event(found: Properties, zones: Zones, notes: Notes) -> Event:
    """The times of a VEVENT; what cannot be read of them is noted.

    :raises Unreadable: no DTSTART that is a time.
    """
    start = _start(found, zones, notes)
    event = Event(
        found=found,
        start=start,
        length=_length(found, start, zones, notes),
        sequence=_sequence(found),
        stamp=word_of(found, "LAST-MODIFIED") or word_of(found, "DTSTAMP"),
    )
    _read_recurrence_id(event, zones, notes)
    if "RRULE" in found or "EXRULE" in found:
        event.rules = _rules(found.get("RRULE", ()), start, notes)
        event.exrules = _rules(found.get("EXRULE", ()), start, notes)
    if "RDATE" in found:
        _read_rdates(event, zones, notes)
    if "EXDATE" in found:
        event.exdates = [moment for moment, _ in _dates(event, "EXDATE", zones, notes)]
    if event.repeats and event.length.total > LONGEST_REPEATED:
        days = event.length.total.days
        notes.warn(f"it repeats and each time lasts {days:,} days: the first time was taken")
        event.rules, event.rdates = [], {}
    return event


def moment_of(
    line: IcalProperty, zones: Zones, value: str | None = None, near: Moment | None = None
) -> Moment:
    """The date or time of a property, in the zone of its TZID.

    Floating ones are meant in the zone of the start beside which they stand (`near`), which many
    writers think enough to name once; the start itself in the home zone.

    :raises ValueError: it is none.
    """
    text = line.value if value is None else value
    zone = (near.zone if near else None) or zones.home
    params = line.head.params
    if not params:
        return parse_moment(text, zone)
    is_date = line.head.first("VALUE").upper() == "DATE"
    tzid = line.head.first("TZID")
    return parse_moment(text, zones.find(tzid) if tzid else zone, is_date=is_date)


def _start(found: Properties, zones: Zones, notes: Notes) -> Moment:
    # A cancelled instance may say no more than which one it is.
    lines = found.get("DTSTART") or found.get("RECURRENCE-ID")
    if not lines:
        raise Unreadable("it has no DTSTART")
    for line in lines:
        try:
            start = moment_of(line, zones)
            start.to_utc()
        except (ValueError, OverflowError):
            continue
        if len(lines) > 1:
            notes.warn(f"{len(lines)} DTSTART: the first that is a time was taken", line.value)
        return start
    raise Unreadable(f"its DTSTART is not a time: {lines[0].value[:60]!r}")


def _length(found: Properties, start: Moment, zones: Zones, notes: Notes) -> Length:
    """From DTEND, else DURATION, else a day or nothing (RFC 5545 section 3.6.1)."""
    default = Length(timedelta(days=1) if start.is_date else timedelta())
    for name in ("DTEND", "DURATION"):
        for line in found.get(name, ()):
            try:
                length = _duration(line, start) if name == "DURATION" else _span(line, start, zones)
            except (ValueError, OverflowError):
                notes.warn(f"{name} is not a time", f"{name}:{line.value}")
                continue
            if length.total < timedelta():
                notes.warn(f"{name} lies before the start", f"{name}:{line.value}")
                return default
            if start.is_date and not length.total:
                return default
            return length
    return default


def _duration(line: IcalProperty, start: Moment) -> Length:
    length = parse_duration(line.value)
    if start.is_date:
        length = Length(timedelta(days=length.total.days))
    length.end_of(start)  # OverflowError when it leads out of the calendar
    return length


def _span(line: IcalProperty, start: Moment, zones: Zones) -> Length:
    end = moment_of(line, zones, near=start)
    if start.is_date:
        # A time on the last day takes that day whole.
        return Length(timedelta(days=-((start.local - end.local) // timedelta(days=1))))
    if end.is_date:
        return Length(end.local - start.local)
    end.to_utc()
    if end.zone is start.zone:
        return Length(end.local - start.local)
    return Length(timedelta(), end.to_utc() - start.to_utc())


def _sequence(found: Properties) -> int:
    text = word_of(found, "SEQUENCE")
    return int(text[:9]) if text.isdecimal() and text.isascii() else 0


def _read_recurrence_id(event: Event, zones: Zones, notes: Notes) -> None:
    for line in event.found.get("RECURRENCE-ID", ()):
        try:
            event.recurrence_id = moment_of(line, zones, near=event.start)
            event.recurrence_id.to_utc()
        except (ValueError, OverflowError):
            event.recurrence_id = None
            raise Unreadable(f"its RECURRENCE-ID is not a time: {line.value[:60]!r}") from None
        range_ = line.head.first("RANGE").upper()
        event.is_this_and_future = range_ == "THISANDFUTURE"
        if range_ == "THISANDPRIOR":
            notes.warn("RANGE=THISANDPRIOR was dropped from the standard: taken for this one only")
        return


def _rules(lines: list[IcalProperty] | tuple[()], start: Moment, notes: Notes) -> list[Rule]:
    rules = []
    for line in lines[:10]:
        if not line.value.strip():
            continue
        try:
            rules.append(parse_rule(line.value, start))
        except BadRule as error:
            text = f"{line.head.name}:{line.value}"
            notes.warn(f"a rule that cannot be followed was left out: {error}", text)
    return rules


def _read_rdates(event: Event, zones: Zones, notes: Notes) -> None:
    for moment, period in _dates(event, "RDATE", zones, notes):
        length = None
        if period:
            try:
                length = (
                    parse_duration(period)
                    if period[:1] in "Pp+-"
                    else Length(
                        parse_moment(period, moment.zone or UTC).at_zone(moment.zone) - moment.local
                    )
                )
            except (ValueError, OverflowError):
                notes.warn("not a period of time", f"RDATE:{period}")
            if length and not timedelta() <= length.total <= LONGEST_REPEATED:
                length = None
        event.rdates[Moment(moment.at_zone(event.start.zone), event.start.zone)] = length


def _dates(event: Event, name: str, zones: Zones, notes: Notes) -> list[tuple[Moment, str]]:
    """The moments of a RDATE or EXDATE, with the second half of periods."""
    moments: list[tuple[Moment, str]] = []
    for line in event.found[name]:
        for value in values(line):
            if len(moments) >= MAX_DATES:
                notes.warn(f"more than {MAX_DATES:,} {name}: the others were left out")
                return moments
            begin, _, end = value.partition("/")
            try:
                moment = moment_of(line, zones, begin, near=event.start)
                moment.to_utc(), moment.at_zone(event.start.zone)
            except (ValueError, OverflowError):
                notes.warn(f"{name} is not a time", f"{name}:{value}")
                continue
            moments.append((moment, end.strip()))
    return moments


# --- which of several is meant ------------------------------------------------------------


def newest_masters(events: list[Event]) -> list[Event]:
    """Of several events with one UID and no RECURRENCE-ID those that are meant.

    Another SEQUENCE makes them versions of one event: the highest wins (RFC 5545 section
    3.8.7.4). With the same SEQUENCE and another start they are different events of an exporter
    that gives UIDs twice: each stays.
    """
    masters = [event for event in events if event.recurrence_id is None]
    if len(masters) < 2:
        return masters
    highest = max(event.sequence for event in masters)
    by_start: dict[datetime, Event] = {}
    for event in masters:
        if event.sequence != highest:
            continue
        at = event.start.to_utc() if event.start.zone else event.start.local.replace(tzinfo=UTC)
        if at not in by_start or event.stamp >= by_start[at].stamp:
            by_start[at] = event
    return [by_start[at] for at in sorted(by_start)]


def newest_overrides(events: list[Event]) -> list[Event]:
    """One override per RECURRENCE-ID and range, by SEQUENCE, then the latest stamp."""
    newest: dict[tuple[datetime, bool], Event] = {}
    for event in events:
        if event.recurrence_id is None:
            continue
        key = (event.recurrence_id.to_utc(), event.is_this_and_future)
        known = newest.get(key)
        if known is None or (event.sequence, event.stamp) >= (known.sequence, known.stamp):
            newest[key] = event
    return list(newest.values())
