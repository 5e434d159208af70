"""Spans of time as people write them: "3 weeks", "2 months", "a year", "36h" → whole days.

The one grammar of spans: of every command, of the config, and of what people write into a task
(judgement/task_note_decisions.sql has the same units).
"""

import re
from datetime import timedelta

from connectors.errors import UsageError

DAYS = {
    "hour": 1 / 24,
    "day": 1.0,
    "week": 7.0,
    "month": 30.4375,
    "quarter": 91.3125,
    "year": 365.25,
}
SPAN = re.compile(
    r"(?:every\s+)?(\d{1,6}|an?|one)?\s*"
    r"(hours?|hrs?|h|days?|d|weeks?|wks?|w|months?|mos?|quarters?|q|years?|yrs?|y)",
    re.IGNORECASE,
)
UNITS = {unit[0]: unit for unit in DAYS}
"""By their first letters, which are all different."""

HINT = 'Write it like "36h", "2 days", "3 weeks" or "2 months".'
DAYS_AT_MOST = 3653


def span(text: str) -> timedelta:
    """A number and hour, day, week, month, quarter or year, or short for them; "a month" is one.

    :raises UsageError: it is no such span, or longer than ten years.
    """
    match = SPAN.fullmatch(text.strip())
    number = (match[1] or "a") if match else "0"
    count = int(number) if number.isdecimal() else 1
    if not match or not count:
        raise UsageError(f'"{text}" is not a span of time.', HINT)
    found = count * DAYS[UNITS[match[2][0].lower()]]
    if found > DAYS_AT_MOST:
        raise UsageError(f'"{text}" is longer than ten years.', "Take a shorter span, or `mute`.")
    return timedelta(days=found)


def days(text: str) -> int:
    """The same in whole days, one at the least: "3 months" → 91, "36h" → 2.

    :raises UsageError: as `span`.
    """
    return max(int(span(text) / timedelta(days=1) + 0.5), 1)


def every(whole: int) -> str:
    """How often, after "every": 91 → "3 months", 30 → "month"."""
    return words(whole).removeprefix("1 ")


def words(whole: int) -> str:
    """91 → "3 months": the roundest way to say it."""
    for unit in ("year", "month", "week"):
        count = whole / DAYS[unit]
        if round(count) >= 1 and abs(round(round(count) * DAYS[unit]) - whole) < 1:
            return f"{round(count)} {unit}{'s' if round(count) > 1 else ''}"
    return f"{whole} day{'s' if whole != 1 else ''}"
