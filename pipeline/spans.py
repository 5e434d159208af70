"""Spans of time as people write them: "3 weeks", "2 months", "a year" → whole days."""

import re

from pipeline.errors import UsageError

DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "quarter": 91.3125, "year": 365.25}
SPAN = re.compile(r"^(?:every\s+)?(\d+|an?)?\s*(day|week|month|quarter|year)s?$", re.IGNORECASE)


def days(text: str) -> int:
    """A number and day, week, month, quarter or year; "a month" is one. "3 months" → 91.

    :raises UsageError: it is no such span, or longer than ten years.
    """
    match = SPAN.match(text.strip())
    count = (
        1
        if match and (match[1] or "a").lower() in {"a", "an"}
        else int(match[1] or 0)
        if match
        else 0
    )
    if not match or not count:
        raise UsageError(
            f'"{text}" is not a span of time.', 'Write it like "10 days", "3 weeks", "2 months".'
        )
    whole = round(count * DAYS[match[2].lower()])
    if whole > 3653:
        raise UsageError(f'"{text}" is longer than ten years.', "Take a shorter span, or `mute`.")
    return whole


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
