"""Recurrence rules (RFC 5545 section 3.3.10) → start times, bounded.

dateutil does the calendar arithmetic, in local time. What it cannot be trusted with is decided
before: rules that a hostile file writes to keep us busy, filters that match no day at all, and
series that began decades before the window.
"""

import re
from calendar import isleap, monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from connectors.ical_values import Moment, parse_moment

Frequency = Literal["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]

MAX_STEPS = 200_000
"""Occurrences that are looked at to find those in the window."""
MAX_A_DAY = 48
"""Times of day that a rule may list: a bell every half hour, but not every minute."""
MAX_INTERVAL = 10_000

_FREQUENCIES: dict[Frequency, Literal[0, 1, 2, 3, 4]] = {
    "YEARLY": 0,
    "MONTHLY": 1,
    "WEEKLY": 2,
    "DAILY": 3,
    "HOURLY": 4,
}
_FIXED = {
    "WEEKLY": timedelta(weeks=1),
    "DAILY": timedelta(days=1),
    "HOURLY": timedelta(hours=1),
}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BY_DAY = re.compile(r"([+-]?\d{1,3})?(MO|TU|WE|TH|FR|SA|SU)")
_OF_THE_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
"""What means nothing for whole days (RFC 5545 section 3.3.10)."""
_LIMITS = {
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 60),
}
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class BadRule(ValueError):
    """A rule that cannot be read: the first occurrence is all that is known."""


class RefusedRule(BadRule):
    """A rule that no calendar of people has: the whole series is left out."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as read. `numbers` has the BY parts but BYDAY, in ascending order."""

    frequency: Frequency
    interval: int
    count: int | None
    until: datetime | None
    """The last moment that may be one, on the clock of the series."""
    by_day: tuple[tuple[int, int], ...]
    """(ordinal or 0, weekday with Monday 0)."""
    numbers: dict[str, tuple[int, ...]]
    week_start: int


def parse_rule(text: str, first: Moment) -> Rule:
    """A RRULE or EXRULE of a series that starts with `first`.

    COUNT below zero is none (Outlook and Android write -1 for "without end"). An UNTIL that is a
    date includes that day. Parts that RFC 5545 does not know are left alone.

    :raises RefusedRule: more often than hourly, or built to keep us busy.
    :raises BadRule: it cannot be read.
    """
    parts = _parts(text)
    frequency = _frequency(parts.get("FREQ", ""))
    if parts.get("RSCALE", "GREGORIAN").upper() != "GREGORIAN":
        raise BadRule(f"a rule in the {parts['RSCALE'][:30]} calendar")
    numbers = {
        name: _numbers(name, parts[name])
        for name in _LIMITS
        if parts.get(name) and not (first.is_date and name in _OF_THE_DAY)
    }
    count = _whole(parts.get("COUNT"), "COUNT")
    interval = _whole(parts.get("INTERVAL"), "INTERVAL")
    if "WKST" in parts and parts["WKST"].upper() not in _DAYS:
        raise BadRule(f"WKST={parts['WKST'][:20]}")
    rule = Rule(
        frequency=frequency,
        interval=max(1, 1 if interval is None else interval),
        count=None if count is None or count < 0 else count,
        until=_until(parts["UNTIL"], first) if parts.get("UNTIL") else None,
        by_day=_by_day(parts.get("BYDAY", "")),
        numbers=numbers,
        week_start=_DAYS.index(parts.get("WKST", "MO").upper()),
    )
    _refuse_hostile(rule)
    return rule


def starts(rule: Rule, first: datetime, low: datetime, high: datetime) -> Iterator[datetime]:
    """The starts from `low` up to and without `high`, in order, on the clock of the series.

    `first`, the start of the series, is one of them in any case unless it lies after UNTIL. COUNT
    counts it only where the rule names it: RFC 5545 leaves that open, KOrganizer does it so.

    :raises RefusedRule: more than MAX_STEPS had to be looked at.
    """
    if rule.until is not None and first > rule.until:
        return
    if low <= first < high:
        yield first
    for start in matches(rule, first, low, high):
        if start != first:
            yield start


def matches(rule: Rule, first: datetime, low: datetime, high: datetime) -> Iterator[datetime]:
    """The same without `first` where the rule does not name it: what an EXRULE takes away.

    :raises RefusedRule: more than MAX_STEPS had to be looked at.
    """
    if rule.interval > MAX_INTERVAL:
        return
    steps, left, has_filters = 0, rule.count, bool(_filters(rule) & _named(rule))
    last = high - timedelta.resolution if rule.until is None else min(rule.until, high)
    for start in _generate(rule, first, low, last):
        steps += 1
        if steps > MAX_STEPS:
            raise _too_many()
        if has_filters and not _passes(rule, start):
            continue
        if left is not None:
            left -= 1
            if left < 0:
                return
        if start >= high:
            return
        if start >= low:
            yield start


def goes_on(rule: Rule, first: datetime, high: datetime) -> bool:
    """Whether the series may have an occurrence at `high` or later."""
    if rule.interval > MAX_INTERVAL or not _names_a_day(rule.frequency, rule.numbers, rule.by_day):
        return first >= high
    if rule.until is not None:
        return rule.until >= high
    if rule.count is None:
        return True
    return first >= high or sum(1 for _ in starts(rule, first, first, high)) < rule.count


# --- reading ------------------------------------------------------------------------------


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.strip().strip(";").split(";"):
        name, _, value = part.partition("=")
        parts.setdefault(name.strip().upper(), value.strip())
    return parts


def _frequency(text: str) -> Frequency:
    name = text.upper()
    if name in ("SECONDLY", "MINUTELY"):
        raise RefusedRule(f"it repeats {name.lower()}")
    for frequency in _FREQUENCIES:
        if name == frequency:
            return frequency
    raise BadRule(f"FREQ={text[:30]}")


def _whole(text: str | None, name: str) -> int | None:
    if not text:
        return None
    try:
        return int(text[:20])
    except ValueError as error:
        raise BadRule(f"{name}={text[:30]}") from error


def _numbers(name: str, text: str) -> tuple[int, ...]:
    low, high = _LIMITS[name]
    found = set()
    for part in text.split(",")[:1000]:
        number = _whole(part.strip() or None, name)
        if number is None or not low <= number <= high or (low < 0 and number == 0):
            raise BadRule(f"{name}={text[:30]}")
        found.add(min(number, 59) if name == "BYSECOND" else number)
    return tuple(sorted(found))


def _by_day(text: str) -> tuple[tuple[int, int], ...]:
    found = []
    for part in text.upper().replace(" ", "").split(",")[:1000]:
        if not part:
            continue
        day = _BY_DAY.fullmatch(part)
        if not day:
            raise BadRule(f"BYDAY={text[:30]}")
        found.append((int(day[1] or 0), _DAYS.index(day[2])))
    return tuple(dict.fromkeys(found))


def _until(text: str, first: Moment) -> datetime:
    try:
        until = parse_moment(text, first.zone or UTC)
    except (ValueError, OverflowError) as error:
        raise BadRule(f"UNTIL={text[:30]}") from error
    if first.is_date:
        return until.at_zone(None)
    if until.is_date:
        return until.local + timedelta(hours=23, minutes=59, seconds=59)
    return until.at_zone(first.zone)


def _refuse_hostile(rule: Rule) -> None:
    times = 1
    for name in _OF_THE_DAY:
        if name != "BYHOUR" or rule.frequency != "HOURLY":
            times *= len(rule.numbers.get(name, (0,)))
    if times > (2 if rule.frequency == "HOURLY" else MAX_A_DAY):
        raise RefusedRule(f"{times:,} times in one step")
    if rule.frequency == "WEEKLY" and "BYSETPOS" in rule.numbers and _filters(rule) & _named(rule):
        raise BadRule("BYSETPOS in weeks of which days are filtered out")


# --- generating ---------------------------------------------------------------------------


def _filters(rule: Rule) -> frozenset[str]:
    """The parts that only leave days out (RFC 5545, the table in 3.3.10).

    They are applied here and not by dateutil, which otherwise looks for a day that never comes
    until the year 9999.
    """
    filters = {"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}
    if rule.frequency in ("DAILY", "HOURLY"):
        return frozenset({*filters, "BYDAY"})
    return frozenset(filters if rule.frequency == "WEEKLY" else ())


def _named(rule: Rule) -> frozenset[str]:
    """The BY parts that the rule has."""
    return frozenset(rule.numbers) | ({"BYDAY"} if rule.by_day else frozenset())


def _passes(rule: Rule, start: datetime) -> bool:
    filters = _filters(rule)
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
    from dateutil.rrule import rrule, weekday

    filters = _filters(rule)
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
    for name in _OF_THE_DAY:
        most *= len(numbers.get(name, (0,)))
    if all(abs(position) > most for position in numbers.get("BYSETPOS", (1,))):
        return False
    if not months or not days:
        return True
    return any(abs(day) <= _LONGEST_MONTHS[month - 1] for month in months for day in days)


def _too_many() -> RefusedRule:
    return RefusedRule(f"more than {MAX_STEPS:,} occurrences before the window's end")


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
