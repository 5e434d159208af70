"""Series with overrides, RDATE, EXRULE or THISANDFUTURE, through recurring-ical-events.

That library puts the set together: which instance an override stands for, what moves with
THISANDFUTURE, which override is stale. It is handed one series that we have already read: all
times on one clock without zone, rules expanded and bounded. So none of what real files get wrong
reaches it, and its work is bounded by the number of instances.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from connectors.ical.event_series import LONGEST_REPEATED, MAX_OCCURRENCES, Event
from connectors.ical.property_values import Length, Moment, utc_text
from connectors.ical.recurrence_rules import BadRule
from connectors.ical.rule_expansion import goes_on, matches, starts
from connectors.ical.simple_series import SeriesOccurrence, Span, excluded, place

if TYPE_CHECKING:
    import icalendar

MAX_MOVES = 100
"""THISANDFUTURE overrides of one series: each instance is compared with each of them."""
_INDEX = "X-KITHBOOK-INDEX"


def hard_series(
    master: Event | None, overrides: Sequence[Event], span: Span
) -> tuple[Iterator[SeriesOccurrence], bool]:
    """The occurrences that overlap the window, and whether the series goes on after it.

    :raises BadRule: it is larger than any series of people.
    """
    is_open = any(_is_later(event, span) for event in overrides)
    if master is None:
        return alone(overrides, span), is_open
    close = span.close(master.start)
    is_open |= _is_later(master, span) or any(
        goes_on(rule, master.start.local, close) for rule in master.rules
    )
    is_open |= any(at.local >= close for at in master.rdates)
    return _together(master, overrides, span), is_open


def _is_later(event: Event, span: Span) -> bool:
    begin, _ = place(event.start, event.length)
    return span.is_later(begin)


def alone(overrides: Sequence[Event], span: Span) -> Iterator[SeriesOccurrence]:
    """Overrides of a series that is not here: each is known only by itself."""
    for event in overrides:
        begin, finish = place(event.start, event.length)
        if span.has(begin, finish):
            yield SeriesOccurrence(utc_text(event.instance), begin, finish, event)


def _together(master: Event, overrides: Sequence[Event], span: Span) -> Iterator[SeriesOccurrence]:
    zone = master.start.zone
    originals = [_original(event, master, span) for event in overrides]
    shown = [event.start.at_zone(zone or span.zone) for event in overrides]
    moves = [
        abs(at - original)
        for event, at, original in zip(overrides, shown, originals, strict=True)
        if event.is_this_and_future
    ]
    if len(moves) > MAX_MOVES or any(move > LONGEST_REPEATED for move in moves):
        raise BadRule("too many or too large moves of all that follows")
    longest = max(
        [
            length.total
            for event in (master, *overrides)
            for length in (event.length, *event.rdates.values())
            if length is not None and length.total <= LONGEST_REPEATED
        ],
        default=timedelta(),
    )
    reach = longest + max(moves, default=timedelta())
    low, high = span.around(master.start, reach)
    high += max(moves, default=timedelta())
    calendar = _calendar(master, overrides, originals, shown, _instances(master, low, high))
    for index, at in _expand(calendar, low, high):
        if index < 0:
            start = Moment(at, zone)
            name, length = start, master.rdates.get(start) or master.length
        else:
            event = overrides[index]
            moved = at - shown[index]
            name = Moment(originals[index] + moved, zone)
            start = event.start if not moved else _follow(event, at, zone or span.zone)
            length = event.length
        begin, finish = place(start, length)
        if span.has(begin, finish):
            yield SeriesOccurrence(
                utc_text(name), begin, finish, master if index < 0 else overrides[index]
            )


def _follow(event: Event, at: datetime, zone: tzinfo) -> Moment:
    """A later instance of a THISANDFUTURE override."""
    if event.start.is_date:
        return Moment(at.replace(hour=0, minute=0, second=0), None)
    return Moment(at, zone)


def _original(event: Event, master: Event, span: Span) -> datetime:
    """What a RECURRENCE-ID names, on the clock of the series.

    A date in a series of times means the instance of that day; a time in a series of days, the
    day that it lies on.
    """
    named = event.instance
    zone = master.start.zone
    if zone is not None:
        if named.is_date:
            return datetime.combine(named.local.date(), master.start.local.time())
        return named.at_zone(zone)
    if named.is_date or not (named.local.hour or named.local.minute):
        return named.at_zone(None)
    return Moment(named.at_zone(span.zone), None).at_zone(None)


def _instances(master: Event, low: datetime, high: datetime) -> list[datetime]:
    """The instances that rules and RDATEs make between the bounds, EXRULE and EXDATE applied."""
    first = master.start.local
    found = {at for rule in master.rules for at in starts(rule, first, low, high)}
    found |= {at.local for at in master.rdates if low <= at.local < high}
    for rule in master.exrules:
        found.difference_update(matches(rule, first, low, high))
    times, days = excluded(master)
    kept = sorted(at for at in found if at not in times and at.date() not in days)
    return kept[-MAX_OCCURRENCES - 1 :]


def _calendar(
    master: Event,
    overrides: Sequence[Event],
    originals: Sequence[datetime],
    shown: Sequence[datetime],
    instances: Sequence[datetime],
) -> "icalendar.Calendar":
    """The series as the library is handed it: naive times, no rule left."""
    import icalendar

    first = master.start.local
    times, days = excluded(master)
    calendar = icalendar.Calendar()
    core = _component(-1, first, master.length, master.sequence)
    if instances:
        core.add("RDATE", list(instances))
    if not _first_counts(master):
        times = times | {first}
    if times:
        core.add("EXDATE", sorted(times))
    calendar.add_component(core)
    for index, event in enumerate(overrides):
        if originals[index].date() in days:
            continue
        component = _component(index, shown[index], event.length, event.sequence)
        component.add(
            "RECURRENCE-ID",
            originals[index],
            parameters={"RANGE": "THISANDFUTURE"} if event.is_this_and_future else {},
        )
        if event.rules or event.rdates or event.exdates:
            # It says that this override was written as a whole series once: the library then
            # leaves it out when the series has a higher SEQUENCE and no such instance.
            component.add("RRULE", {"FREQ": "DAILY", "COUNT": 1})
        calendar.add_component(component)
    return calendar


def _component(index: int, start: datetime, length: Length, sequence: int) -> "icalendar.Event":
    import icalendar

    component = icalendar.Event()
    component.add("UID", "series")
    component.add("SEQUENCE", sequence)
    component.add("DTSTART", start)
    component.add("DTEND", start + length.total)
    component.add(_INDEX, str(index))
    return component


def _first_counts(master: Event) -> bool:
    """Whether the start of the series is an instance."""
    first = master.start.local
    times, days = excluded(master)
    if first in times or first.date() in days:
        return False
    return not any(
        at == first
        for rule in master.exrules
        for at in matches(rule, first, first, first + timedelta(seconds=1))
    )


def _expand(
    calendar: "icalendar.Calendar", low: datetime, high: datetime
) -> Iterator[tuple[int, datetime]]:
    """(index of the override or -1, local start) of each occurrence between the bounds."""
    import recurring_ical_events

    try:
        found = recurring_ical_events.of(calendar, components=["VEVENT"]).between(low, high)
    except Exception as error:  # whatever it raises, the next series is not to be lost by it
        raise BadRule("its moved and repeated times do not fit together") from error
    order = sorted((component["DTSTART"].dt, int(component[_INDEX])) for component in found)
    for at, index in order:
        yield index, at
