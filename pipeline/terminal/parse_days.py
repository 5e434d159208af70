"""Days as people say them: "2026-12-24", "yesterday", "friday", "3 weeks" → a date."""

from datetime import date, timedelta

from connectors.errors import UsageError
from pipeline.terminal import parse_durations

NEAR = {"today": 0, "yesterday": -1, "tomorrow": 1}
MOST_YEARS = 100
"""No day further off than this is meant by anybody."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def past(text: str, today: date) -> date:
    """A day on which something was: a date, today, yesterday, a weekday (the last one), a span ago.

    :raises UsageError: it is no day, still to come, or longer ago than anybody remembers.
    """
    said = text.strip().lower()
    if (weekday := _weekday(said)) is not None:
        return today - timedelta((today.weekday() - weekday) % 7 or 7)
    found = _named(said, today) or _ago(said, today)
    if not found:
        raise UsageError(f'"{text}" is not a day.', 'Write it like "2026-11-20" or "yesterday".')
    if found > today:
        raise UsageError(f"{found} is still to come.", "Note it when it has happened.")
    if found.year < today.year - MOST_YEARS:
        raise UsageError(
            f"{found} is more than {MOST_YEARS} years ago.",
            f'Nothing was noted; write the day like "{today.isoformat()}".',
        )
    return found


def coming(text: str, today: date) -> date:
    """A day to come: a date, tomorrow, a weekday (the next one), or a span from today on.

    :raises UsageError: it is neither a day nor a span, or not to come.
    """
    said = text.strip().lower()
    if (weekday := _weekday(said)) is not None:
        return today + timedelta((weekday - today.weekday()) % 7 or 7)
    found = _named(said, today)
    if not found:
        try:
            found = today + timedelta(parse_durations.days(said))
        except UsageError as error:
            raise UsageError(
                f'"{text}" is neither a day nor a span of time.',
                'Write it like "2 days", "3 weeks", "2 months" or "2026-12-24".',
            ) from error
    if found <= today:
        raise UsageError(f"{found} is not in the future.", "Take a later day.")
    if found.year > today.year + MOST_YEARS:
        raise UsageError(
            f"{found} is more than {MOST_YEARS} years to come.",
            "Nothing was noted; `kithbook mute` and `kithbook rest` hold without an end.",
        )
    return found


def _weekday(said: str) -> int | None:
    return next((number for number, name in enumerate(WEEKDAYS) if said in {name, name[:3]}), None)


def _named(said: str, today: date) -> date | None:
    if said in NEAR:
        return today + timedelta(NEAR[said])
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _ago(said: str, today: date) -> date | None:
    if not said.endswith(" ago"):
        return None
    try:
        return today - timedelta(parse_durations.days(said.removesuffix(" ago")))
    except UsageError:
        return None
