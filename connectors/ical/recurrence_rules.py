"""Recurrence rules as they are written (RFC 5545 section 3.3.10); `rule_expansion` follows."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, cast, get_args

from connectors.ical.property_values import Moment, parse_moment
from connectors.ical.vcalendar1_rules import modern

Frequency = Literal["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"]

MAX_A_DAY = 48
"""Times of day that a rule may list: a bell every half hour, but not every minute."""
MAX_DIGITS = 9
"""A longer number in a rule is no count or distance of anything that people do."""

BY_THE_CLOCK: dict[str, timedelta] = {
    "HOURLY": timedelta(hours=1),
    "MINUTELY": timedelta(minutes=1),
    "SECONDLY": timedelta(seconds=1),
}
"""Frequencies that mean nothing for whole days."""

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BY_DAY = re.compile(r"([+-]?\d{1,3})?(MO|TU|WE|TH|FR|SA|SU)")
OF_THE_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
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


class BadRule(ValueError):
    """A rule that cannot be read or followed: the first occurrence is all that is known."""


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
    date includes that day. Parts that RFC 5545 does not know are left alone. A rule of vCalendar
    1.0 is read as well.

    :raises BadRule: it cannot be read, ends before it starts, or is built to keep us busy.
    """
    parts = _parts(text if "=" in text else modern(text))
    frequency = _frequency(parts.get("FREQ", ""))
    if parts.get("RSCALE", "GREGORIAN").upper() != "GREGORIAN":
        raise BadRule(f"a rule in the {parts['RSCALE'][:30]} calendar")
    numbers = {
        name: _numbers(name, parts[name])
        for name in _LIMITS
        if parts.get(name) and not (first.is_date and name in OF_THE_DAY)
    }
    count = _whole(parts.get("COUNT"), "COUNT")
    interval = _whole(parts.get("INTERVAL"), "INTERVAL")
    if count == 0 or (interval is not None and interval < 1):
        name = "COUNT" if count == 0 else "INTERVAL"
        raise BadRule(f"{name}={parts[name][:30]}")
    if "WKST" in parts and parts["WKST"].upper() not in _DAYS:
        raise BadRule(f"WKST={parts['WKST'][:20]}")
    rule = Rule(
        frequency=frequency,
        interval=1 if interval is None else interval,
        count=None if count is None or count < 0 else count,
        until=_until(parts["UNTIL"], first) if parts.get("UNTIL") else None,
        by_day=_by_day(parts.get("BYDAY", "")),
        numbers=numbers,
        week_start=_DAYS.index(parts.get("WKST", "MO").upper()),
    )
    _refuse_hostile(rule)
    _refuse_too_often(rule, first)
    return rule


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.strip().strip(";").split(";"):
        name, _, value = part.partition("=")
        parts.setdefault(name.strip().upper(), value.strip())
    return parts


def _frequency(text: str) -> Frequency:
    name = text.upper()
    for frequency in get_args(Frequency):
        if name == frequency:
            return cast("Frequency", frequency)
    raise BadRule(f"FREQ={text[:30]}")


def _whole(text: str | None, name: str) -> int | None:
    if not text:
        return None
    if len(text.lstrip("+-0")) > MAX_DIGITS:
        raise BadRule(f"{name}={text[:30]}")
    try:
        return int(text)
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
    last = _on_the_clock_of(first, until)
    if last < first.local:
        raise BadRule(f"it ends before it starts, UNTIL={text[:30]}")
    return last


def _on_the_clock_of(first: Moment, until: Moment) -> datetime:
    """The last moment that may be an occurrence; all of the day when UNTIL is a date."""
    if first.is_date:
        return until.at_zone(None)
    if until.is_date:
        return until.local + timedelta(hours=23, minutes=59, seconds=59)
    try:
        return until.at_zone(first.zone)
    except OverflowError:  # "for ever" as some write it; a few hours do not matter there
        return until.local


def _refuse_hostile(rule: Rule) -> None:
    times = 1
    for name in OF_THE_DAY:
        if name != "BYHOUR" or rule.frequency != "HOURLY":
            times *= len(rule.numbers.get(name, (0,)))
    if times > (2 if rule.frequency == "HOURLY" else MAX_A_DAY):
        raise BadRule(f"{times:,} times in one step")
    if (
        rule.frequency == "WEEKLY"
        and "BYSETPOS" in rule.numbers
        and filters_of(rule) & parts_named(rule)
    ):
        raise BadRule("BYSETPOS in weeks of which days are filtered out")


def _refuse_too_often(rule: Rule, first: Moment) -> None:
    """More often than hourly only so many times: talks of a quarter of an hour, not a heartbeat."""
    step = BY_THE_CLOCK.get(rule.frequency)
    if step is None:
        return
    often = f"it repeats {rule.frequency.lower()}"
    if first.is_date:
        raise BadRule(f"{often}, but lasts whole days")
    if rule.frequency == "HOURLY":
        return
    times = rule.count or MAX_A_DAY + 1
    if rule.until is not None:
        times = min(times, (rule.until - first.local) // (step * rule.interval) + 1)
    if times > MAX_A_DAY or parts_named(rule):
        raise BadRule(often)


def filters_of(rule: Rule) -> frozenset[str]:
    """The parts that only leave days out (RFC 5545, the table in 3.3.10).

    They are applied here and not by dateutil, which otherwise looks for a day that never comes
    until the year 9999.
    """
    filters = {"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}
    if rule.frequency in ("DAILY", "HOURLY"):
        return frozenset({*filters, "BYDAY"})
    return frozenset(filters if rule.frequency == "WEEKLY" else ())


def parts_named(rule: Rule) -> frozenset[str]:
    """The BY parts that the rule has."""
    return frozenset(rule.numbers) | ({"BYDAY"} if rule.by_day else frozenset())
