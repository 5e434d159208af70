"""What the headers of an HTTP answer say: when to ask again, what the server's clock shows."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_SECONDS = 3650 * 86400.0
"""Who asks to wait for longer is not taken at the word."""


def header(headers: Mapping[str, str], name: str) -> str:
    """A header by its name in any case; empty where there is none."""
    return next((value for key, value in headers.items() if key.lower() == name.lower()), "")


def seconds_to_wait(headers: Mapping[str, str], default: float) -> float:
    """What Retry-After asks for, or else the default."""
    seconds = retry_after(header(headers, "Retry-After"))
    return default if seconds is None else seconds


def retry_after(text: str) -> float | None:
    """Retry-After as seconds or as a date (RFC 9110 section 10.2.3); None for anything else."""
    text = text.strip()
    if text.isdecimal():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def clock(headers: Mapping[str, str]) -> float | None:
    """The server's Date (RFC 9110 section 6.6.1) in seconds; None where it says none."""
    try:
        when = parsedate_to_datetime(header(headers, "Date").strip())
    except (ValueError, OverflowError):
        return None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def lasting(seconds: float) -> str:
    """How long so many seconds are, for messages: "40 seconds", "65 minutes", "3 hours"."""
    seconds = min(seconds, LONGEST_SECONDS)
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds"
