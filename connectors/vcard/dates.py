"""Dates of vCards: BDAY, ANNIVERSARY, DEATHDATE, whole or in part (RFC 6350 section 4.3.1)."""

import re
from calendar import monthrange
from datetime import date

from connectors.contract import PartialDate

_WHOLE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ].*)?|(\d{4})[-/](\d\d?)[-/](\d\d?)(?:[T ].*)?")
_NO_YEAR = re.compile(r"--(\d\d)-?(\d\d)(?:T.*)?")
_DAY = re.compile(r"---(\d\d)(?:T.*)?")
_MONTH = re.compile(r"--(\d\d)-?")
_YEAR = re.compile(r"(\d{4})(?:-(\d\d))?")
APPLE_NO_YEAR = 1604
"""The year that Apple's address book writes when none was given (X-APPLE-OMIT-YEAR)."""


def parse_date(text: str, omitted_year: int = APPLE_NO_YEAR) -> PartialDate | None:
    """A date as far as it is known; the text itself when it is none; None when there is nothing.

    The day is taken as written, whatever the time of day and zone beside it: through UTC birthdays
    move. `omitted_year` and year 0 stand for no year.
    """
    text = text.strip()
    if not text.strip("0-/"):
        return None  # empty, or 0000-00-00 of databases that know no other nothing
    whole = _whole(text)  # nearly all birthdays are written so
    if whole and whole.year not in (omitted_year, APPLE_NO_YEAR):
        return PartialDate(whole.year, whole.month, whole.day)
    parts = _parts(text)
    if parts is None:
        return PartialDate(text=text)
    year, month, day = parts[0], parts[1] or None, parts[2] or None
    if year is not None and year in (0, omitted_year, APPLE_NO_YEAR):
        year = None
    if not _exists(year, month, day):
        return PartialDate(text=text)
    return PartialDate(year, month, day)


def _whole(text: str) -> date | None:
    if len(text) != 10 or not text.isascii() or text[4] != "-" or text[7] != "-":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _parts(text: str) -> tuple[int | None, int | None, int | None] | None:
    if found := _WHOLE.fullmatch(text):
        year, month, day = (found[1], found[2], found[3]) if found[1] else found.group(4, 5, 6)
        return int(year), int(month), int(day)
    if found := _NO_YEAR.fullmatch(text):
        return None, int(found[1]), int(found[2])
    if found := _DAY.fullmatch(text):
        return None, None, int(found[1])
    if found := _MONTH.fullmatch(text):
        return None, int(found[1]), None
    if found := _YEAR.fullmatch(text):
        return int(found[1]), int(found[2]) if found[2] else None, None
    return None


def _exists(year: int | None, month: int | None, day: int | None) -> bool:
    if year is None and month is None and day is None:
        return False
    if month is not None and not 1 <= month <= 12:
        return False
    if day is None:
        return True
    if year is not None and month is None:
        return False  # 1980-00-03: nobody could write that again
    # 29 February is a birthday also where the year is not known.
    longest = monthrange(year or 2000, month)[1] if month else 31
    return 1 <= day <= longest


def whole_date(parts: PartialDate | None) -> date | None:
    """The calendar day when all three parts are known."""
    if parts is None or parts.year is None or parts.month is None or parts.day is None:
        return None
    return date(parts.year, parts.month, parts.day)


def format_date(parts: PartialDate, *, is_extended: bool) -> str:
    """As RFC 6350 writes it (`--0415`); extended with hyphens as RFC 2426 does (`--04-15`)."""
    if parts.text is not None:
        return parts.text
    hyphen = "-" if is_extended else ""
    if parts.month is None:
        return f"---{parts.day:02}" if parts.year is None else f"{parts.year:04}"
    if parts.day is None:
        return f"--{parts.month:02}" if parts.year is None else f"{parts.year:04}-{parts.month:02}"
    year = "--" if parts.year is None else f"{parts.year:04}{hyphen}"
    return f"{year}{parts.month:02}{hyphen}{parts.day:02}"
