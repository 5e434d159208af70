"""Where in a window the occurrences of plain events are: single ones, and series of one rule.

Times are computed on the series' own clock and turned into instants at the end, so that a meeting
stays at nine when the clock is changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.contract import Window
from connectors.ical.event_series import Event
from connectors.ical.property_values import Length, Moment, to_instant, utc_name, utc_text
from connectors.ical.rule_expansion import starts

_DAY = timedelta(days=1)


class SeriesOccurrence(NamedTuple):
    """When one occurrence is: UTC instants, or naive midnights of the owner's days."""

    recurrence_id: str
    begin: datetime
    finish: datetime
    event: Event


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

    def is_later(self, begin: datetime) -> bool:
        """Whether what begins then belongs to a later window."""
        return begin >= (self.local_end if begin.tzinfo is None else self.end)

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


def span_of(window: Window, zone: ZoneInfo) -> Span:
    """The window as expanding needs it."""
    start, end = window.start.astimezone(UTC), window.end.astimezone(UTC)
    return Span(
        start,
        end,
        zone,
        start.astimezone(zone).replace(tzinfo=None),
        end.astimezone(zone).replace(tzinfo=None),
    )


def is_plain(event: Event) -> bool:
    """Whether a series can go the short way."""
    return len(event.rules) == 1 and not event.exrules and not event.rdates


def plain_series(event: Event, span: Span) -> Iterator[SeriesOccurrence]:
    """The occurrences of a series with one RRULE, and EXDATEs.

    :raises BadRule: more had to be looked at than any series of people has.
    """
    first, length = event.start, event.length
    zone = first.zone
    low, high = span.around(first, length.total)
    times, days = excluded(event)
    for local in starts(event.rules[0], first.local, low, high):
        if local in times or (days and local.date() in days):
            continue
        if zone is None:
            begin, finish = local, local + length.days
        else:
            begin, finish = _place(local, zone, length)
        if span.has(begin, finish):
            yield SeriesOccurrence(utc_name(begin), begin, finish, event)


def excluded(event: Event) -> tuple[set[datetime], set[date]]:
    """EXDATEs as local times, and as days where a date stands for whatever starts on it."""
    zone = event.start.zone
    times = {at.at_zone(zone) for at in event.exdates if zone is None or not at.is_date}
    days = {at.local.date() for at in event.exdates if zone is not None and at.is_date}
    return times, days


def single_events(events: list[Event], span: Span) -> tuple[list[SeriesOccurrence], bool]:
    """Events that do not repeat, and whether one lies after the window.

    It is one, or several of an exporter that gives UIDs twice; those are told apart by the start.
    """
    found = []
    is_open = False
    for number, event in enumerate(events):
        begin, finish = place(event.start, event.length)
        if span.has(begin, finish):
            name = utc_text(event.start) if number else ""
            found.append(SeriesOccurrence(name, begin, finish, event))
        is_open |= span.is_later(begin)
    return found, is_open


def place(start: Moment, length: Length) -> tuple[datetime, datetime]:
    """Begin and end as UTC instants, or as naive midnights."""
    if start.zone is None:
        return start.local, length.end_of(start).local
    return _place(start.local, start.zone, length)


def _place(local: datetime, zone: tzinfo, length: Length) -> tuple[datetime, datetime]:
    begin = to_instant(local, zone)
    end = to_instant(local + length.days, zone) + length.rest
    # The change to summer time can push an end before its start.
    return begin, max(begin, end)


def _moved(at: datetime, by: timedelta) -> datetime:
    try:
        return at + by
    except OverflowError:
        return datetime.min if by < timedelta() else datetime.max  # noqa: DTZ901 - local
