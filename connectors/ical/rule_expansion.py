"""A recurrence rule → start times between two bounds, on the clock of the series.

dateutil does the calendar arithmetic, in local time. What it cannot be trusted with is decided
before: filters that match no day at all, series that began decades before the window, and rules
that a hostile file writes to keep us busy.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import chain, dropwhile, islice
from typing import Literal

from connectors.ical.recurrence_rules import (
    BY_THE_CLOCK,
    OF_THE_DAY,
    BadRule,
    Frequency,
    Rule,
    filters_of,
    parts_named,
)

MAX_STEPS = 200_000
"""Occurrences that are looked at to find those in the window."""
MAX_INTERVAL = 10_000
"""A longer one never comes again in a lifetime."""

_FREQUENCIES: dict[Frequency, Literal[0, 1, 2, 3, 4]] = {
    "YEARLY": 0,
    "MONTHLY": 1,
    "WEEKLY": 2,
    "DAILY": 3,
    "HOURLY": 4,
}
"""dateutil's numbers; what comes more often is even (`recurrence_rules`) and needs none."""
_FIXED = {
    "WEEKLY": timedelta(weeks=1),
    "DAILY": timedelta(days=1),
    **BY_THE_CLOCK,
}
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def starts(rule: Rule, first: datetime, low: datetime, high: datetime) -> Iterator[datetime]:
    """The starts from `low` up to and without `high`, in order, on the clock of the series.

    `first`, the start of the series, is one of them in any case. COUNT counts it only where the
    rule names it: RFC 5545 leaves that open, KOrganizer does it so.

    :raises BadRule: more than MAX_STEPS had to be looked at.
    """
    others = filter(first.__ne__, matches(rule, first, low, high))
    return chain((first,), others) if low <= first < high else others


def matches(rule: Rule, first: datetime, low: datetime, high: datetime) -> Iterator[datetime]:
    """The same without `first` where the rule does not name it: what an EXRULE takes away.

    :raises BadRule: more than MAX_STEPS had to be looked at.
    """
    if rule.interval > MAX_INTERVAL:
        return iter(())
    last = high - timedelta.resolution
    if rule.until is not None:
        last = min(rule.until, last)
    found = _bounded(_generate(rule, first, low, last))
    if filters_of(rule) & parts_named(rule):
        found = (start for start in found if _passes(rule, start))
    return dropwhile(low.__gt__, islice(found, rule.count))


def _bounded(found: Iterator[datetime]) -> Iterator[datetime]:
    for start, _ in zip(found, range(MAX_STEPS), strict=False):
        yield start
    if next(found, None) is not None:
        raise _too_many()


def goes_on(rule: Rule, first: datetime, high: datetime) -> bool:
    """Whether the series may have an occurrence at `high` or later."""
    if rule.interval > MAX_INTERVAL or not _names_a_day(rule.frequency, rule.numbers, rule.by_day):
        return first >= high
    if rule.until is not None:
        return rule.until >= high
    if rule.count is None:
        return True
    return first >= high or sum(1 for _ in starts(rule, first, first, high)) < rule.count


def _passes(rule: Rule, start: datetime) -> bool:
    filters = filters_of(rule)
    months = rule.numbers.get("BYMONTH")
    if months and start.month not in months:
        return False
    weekdays = {day for _, day in rule.by_day} if "BYDAY" in filters else ()
    if weekdays and start.weekday() not in weekdays:
        return False
    length = monthrange(start.year, start.month)[1]
    year_day = start.timetuple().tm_yday
    year_length = 366 if isleap(start.year) else 365
    week = start.isocalendar().week
    weeks = date(start.year, 12, 28).isocalendar().week
    for name, forwards, backwards in (
        ("BYMONTHDAY", start.day, start.day - length - 1),
        ("BYYEARDAY", year_day, year_day - year_length - 1),
        ("BYWEEKNO", week, week - weeks - 1),
    ):
        numbers = rule.numbers.get(name)
        if numbers and forwards not in numbers and backwards not in numbers:
            return False
    return True


def _generate(rule: Rule, first: datetime, low: datetime, last: datetime) -> Iterator[datetime]:
    filters = filters_of(rule)
    numbers = {name: found for name, found in rule.numbers.items() if name not in filters}
    by_day = rule.by_day if "BYDAY" not in filters else ()
    if not by_day and not numbers.keys() & {"BYMONTHDAY", "BYYEARDAY"}:
        # What the start itself says must be said before the start is moved.
        if rule.frequency == "WEEKLY" or "BYWEEKNO" in numbers:
            by_day = ((0, first.weekday()),)
        elif rule.frequency in ("MONTHLY", "YEARLY"):
            numbers["BYMONTHDAY"] = (first.day,)
            if rule.frequency == "YEARLY":
                numbers.setdefault("BYMONTH", (first.month,))
    if not _names_a_day(rule.frequency, numbers, by_day):
        return iter(())
    begin = first if rule.count is not None else _near(rule, first, low)
    if rule.frequency in _FIXED:
        steps = (last - begin) // (_FIXED[rule.frequency] * rule.interval)
        if min(steps, rule.count or steps) > MAX_STEPS:
            raise _too_many()
    if rule.frequency not in _FREQUENCIES or (
        rule.frequency in ("DAILY", "WEEKLY") and not numbers
    ):
        return _even(rule, begin, last, [day for _, day in by_day])
    from dateutil.rrule import rrule, weekday

    days = [weekday(day, ordinal or None) for ordinal, day in by_day] or None
    return iter(
        rrule(
            _FREQUENCIES[rule.frequency],
            dtstart=begin,
            interval=rule.interval,
            wkst=rule.week_start,
            until=last,
            bysetpos=numbers.get("BYSETPOS"),
            bymonth=numbers.get("BYMONTH"),
            bymonthday=numbers.get("BYMONTHDAY"),
            byyearday=numbers.get("BYYEARDAY"),
            byweekno=numbers.get("BYWEEKNO"),
            byweekday=days,
            byhour=numbers.get("BYHOUR", first.hour if rule.frequency != "HOURLY" else None),
            byminute=numbers.get("BYMINUTE", first.minute),
            bysecond=numbers.get("BYSECOND", first.second),
        )
    )


def _even(rule: Rule, begin: datetime, last: datetime, weekdays: list[int]) -> Iterator[datetime]:
    """What most series are: each so many days or weeks or minutes. dateutil is ten times slower."""
    step = _FIXED[rule.frequency] * rule.interval
    offsets = [timedelta()]
    at = begin
    if rule.frequency == "WEEKLY":
        at -= timedelta(days=(begin.weekday() - rule.week_start) % 7)
        from_monday = sorted({(day - rule.week_start) % 7 for day in weekdays})
        offsets = [timedelta(days=days) for days in from_monday]
    try:
        while at <= last:
            for offset in offsets:
                if begin <= at + offset <= last:
                    yield at + offset
            at += step
    except OverflowError:  # the end of the calendar
        return


def _names_a_day(
    frequency: Frequency,
    numbers: Mapping[str, tuple[int, ...]],
    by_day: Sequence[tuple[int, int]],
) -> bool:
    """Whether there can be such a day at all; dateutil would search until the year 9999."""
    months, days = numbers.get("BYMONTH"), numbers.get("BYMONTHDAY")
    weeks = 53 if frequency == "YEARLY" and not months else 5
    if by_day and all(abs(ordinal) > weeks for ordinal, _ in by_day):
        return False
    most = {"YEARLY": 366, "MONTHLY": 31, "WEEKLY": 7}.get(frequency, 1)
    for name in OF_THE_DAY:
        most *= len(numbers.get(name, (0,)))
    if all(abs(position) > most for position in numbers.get("BYSETPOS", (1,))):
        return False
    if not months or not days:
        return True
    return any(abs(day) <= _LONGEST_MONTHS[month - 1] for month in months for day in days)


def _too_many() -> BadRule:
    return BadRule(f"more than {MAX_STEPS:,} occurrences before the window's end")


def _near(rule: Rule, first: datetime, low: datetime) -> datetime:
    """A start of the same rhythm not long before `low`, so that old series cost no more."""
    if low <= first:
        return first
    if rule.frequency in ("MONTHLY", "YEARLY"):
        months = rule.interval * (12 if rule.frequency == "YEARLY" else 1)
        passed = (low.year - first.year) * 12 + low.month - first.month
        moved = first.month - 1 + max(0, passed // months - 1) * months
        if moved == first.month - 1:
            return first
        month = 1 if rule.frequency == "YEARLY" else moved % 12 + 1
        return first.replace(year=first.year + moved // 12, month=month, day=1)
    length = _FIXED[rule.frequency] * rule.interval
    return first + max(0, (low - first) // length - 1) * length
