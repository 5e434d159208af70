"""Dates as address books write them: "4/12/1985", "12. März 1985", "7-Feb-22"; in cards "--0412".

A year is never invented: two digits that could be either century leave the year unknown.
`read_date` takes a cell of a table in any spelling, `read_card_date` a property of a vCard
(RFC 6350 section 4.3.1), where a part of a date may stand alone.
"""

import re
from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date
from typing import Literal

from connectors.contract import PartialDate

Order = Literal["mdy", "dmy"]
"""What a date of three numbers means when the year stands last."""

LONGEST = 40
"""Characters; a longer cell is a text, not a date."""

_Parts = tuple[str, int, int]
APPLE_NO_YEAR = 1604
"""The year that Apple's address book writes when none was given (X-APPLE-OMIT-YEAR)."""
_NO_YEARS = (0, APPLE_NO_YEAR)
"""How programs that know no dates without a year write that there is none."""

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_YEARLESS = re.compile(r"--(\d{1,2})-?(\d{2})$")
_NUMBERS = re.compile(r"(\d{1,4})[./\- ]+(\d{1,2})[./\- ]+(\d{1,4})\.?(?:[ T]+\d.*)?$")
_DAY_AND_MONTH = re.compile(r"(\d{1,2})[./](\d{1,2})\.?$")
_CARD_WHOLE = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ].*)?|(\d{4})[-/](\d\d?)[-/](\d\d?)(?:[T ].*)?"
)
_CARD_YEARLESS = re.compile(r"--(\d\d)-?(\d\d)(?:T.*)?")
_CARD_DAY = re.compile(r"---(\d\d)(?:T.*)?")
_CARD_MONTH = re.compile(r"--(\d\d)-?")
_CARD_YEAR = re.compile(r"(\d{4})(?:-(\d\d))?")
_WORDS = re.compile(r"[^\W\d_]+|\d+")

_MONTHS = """
january jan januar janvier janv enero ene gennaio gen janeiro januari stycznia styczeń leden
    ledna января январь янв ocak
february feb februar février févr fév febrero febbraio fevereiro fev februari lutego luty únor
    února февраля февраль фев şubat
march mar märz mär mrz mars marzo março maart mrt marca marzec březen března марта март mart
april apr avril avr abril abr aprile kwietnia kwiecień duben dubna апреля апрель апр nisan
may mai mayo maggio mag maio mei maj maja květen května мая май mayis
june jun juni juin junio giugno giu junho czerwca czerwiec červen června июня июнь haziran
july jul juli juillet juil julio luglio lug julho lipca lipiec červenec července июля июль
    temmuz
august aug août aoû agosto ago augustus augusti sierpnia sierpień srpen srpna августа август
    авг ağustos
september sep sept septembre septiembre settembre set setembro września wrzesień září сентября
    сентябрь сен сент eylül
october oct oktober okt octobre octubre ottobre ott outubro out października październik říjen
    října октября октябрь окт ekim
november nov novembre noviembre novembro listopada listopad ноября ноябрь ноя kasim
december dec dezember dez décembre déc diciembre dic dicembre dezembro desember des grudnia
    grudzień prosinec prosince декабря декабрь дек aralik
"""
"""One month a line (an indented line goes on): full and short names, nominative and genitive."""

_MONTH_NUMBERS = {
    word: number
    for number, words in enumerate(_MONTHS.strip().replace("\n    ", " ").split("\n"), 1)
    for word in words.split()
}


def read_date(text: str, order: Order = "mdy") -> PartialDate | None:
    """What a cell says; None when it says nothing ("0/0/00", "00.00.00").

    What is no date is kept as text. The order decides only where the numbers do not: in
    "25/12/1985" the day is plain.
    """
    text = text.strip()
    if not text.strip("0-./ ") and "--" not in text:
        return None
    if len(text) > LONGEST:
        return PartialDate(text=text)
    parts = _parts(text, order)
    if parts is None:
        return PartialDate(text=text)
    year, month, day = parts
    number = int(year) if year else None
    if number is not None and len(year) <= 2:
        # 30 to 99 can only be the last century; below that it could be either.
        number = 1900 + number if number >= 30 else None
    if number in _NO_YEARS:
        number = None
    if _exists(number, month, day):
        return PartialDate(year=number, month=month, day=day)
    return PartialDate(text=text)


def whole_date(text: str, order: Order = "mdy") -> date | None:
    """A day with its year, two digits meaning this century; None when the text is no such day."""
    parts = _parts(text.strip(), order) if len(text) <= LONGEST else None
    if parts is None or not parts[0]:
        return None
    year, month, day = parts
    number = int(year) + (2000 if len(year) <= 2 else 0)
    return date(number, month, day) if _exists(number, month, day) else None


def is_shortened(text: str, read: PartialDate) -> bool:
    """Whether the text said more than was read: a year of two digits."""
    parts = _parts(text.strip(), "mdy")
    return parts is not None and len(parts[0]) == 2 and read.text is None and read.year is None


def tells_order(text: str) -> Order | None:
    """What one cell proves about the order of the file: only a number above 12 proves any."""
    if len(text) > LONGEST:
        return None
    match = _NUMBERS.match(text.strip())
    if match is None or len(match[1]) > 2:
        return None
    first, second = int(match[1]), int(match[2])
    if 12 < first <= 31 and 1 <= second <= 12:
        return "dmy"
    if 12 < second <= 31 and 1 <= first <= 12:
        return "mdy"
    return None


def _parts(text: str, order: Order) -> _Parts | None:
    """Year as written ("" where there is none), month and day; the day may not exist."""
    if "." in text:
        order = "dmy"  # nobody puts dots between a month and a day that follows it
    if match := _ISO.match(text) or _COMPACT.match(text):
        return match[1], int(match[2]), int(match[3])
    if match := _YEARLESS.match(text):
        return "", int(match[1]), int(match[2])
    if match := _NUMBERS.match(text):
        first, second, third = match.groups()
        if len(first) > 2:
            return first, int(second), int(third)
        return _ordered(int(first), int(second), third, order)
    if match := _DAY_AND_MONTH.match(text):
        return _ordered(int(match[1]), int(match[2]), "", order)
    return _words(text)


def _ordered(first: int, second: int, year: str, order: Order) -> _Parts:
    """Which of two numbers is the month, where the numbers themselves do not say."""
    if first > 12:
        order = "dmy"
    elif second > 12:
        order = "mdy"
    return (year, first, second) if order == "mdy" else (year, second, first)


def _words(text: str) -> _Parts | None:
    """A day with the month in words: "12 Mar 2024", "March 12, 2024", "7-Feb-22"."""
    words = _WORDS.findall(text.casefold().replace("\u0131", "i"))
    months = [_MONTH_NUMBERS[word] for word in words if word in _MONTH_NUMBERS]
    numbers = [word for word in words if word.isdecimal()]
    if len(months) != 1 or not 1 <= len(numbers) <= 2:
        return None
    if len(numbers) == 1:
        return ("", months[0], int(numbers[0])) if len(numbers[0]) <= 2 else None
    first, second = numbers
    day, year = (second, first) if len(first) > 2 else (first, second)
    return year, months[0], int(day)


def _exists(year: int | None, month: int | None, day: int | None) -> bool:
    if year is None and month is None and day is None:
        return False
    if month is not None and not 1 <= month <= 12:
        return False
    if year is not None and not MINYEAR <= year <= MAXYEAR:
        return False
    if day is None:
        return True
    if year is not None and month is None:
        return False  # 1980-00-03: nobody could write that again
    # 29 February is a birthday also where the year is not known.
    longest = monthrange(year or 2000, month)[1] if month else 31
    return 1 <= day <= longest


# --- vCards --------------------------------------------------------------------------------


def read_card_date(text: str, omitted_year: int = APPLE_NO_YEAR) -> PartialDate | None:
    """A date as far as it is known; the text itself when it is none; None when there is nothing.

    The day is taken as written, whatever the time of day and zone beside it: through UTC birthdays
    move. `omitted_year` and year 0 stand for no year.
    """
    text = text.strip()
    if not text.strip("0-/"):
        return None  # empty, or 0000-00-00 of databases that know no other nothing
    whole = _iso_day(text)  # nearly all birthdays are written so
    if whole and whole.year not in (omitted_year, APPLE_NO_YEAR):
        return PartialDate(whole.year, whole.month, whole.day)
    parts = _card_parts(text)
    if parts is None:
        return PartialDate(text=text)
    year, month, day = parts[0], parts[1] or None, parts[2] or None
    if year is not None and year in (*_NO_YEARS, omitted_year):
        year = None
    if not _exists(year, month, day):
        return PartialDate(text=text)
    return PartialDate(year, month, day)


def _iso_day(text: str) -> date | None:
    if len(text) != 10 or not text.isascii() or text[4] != "-" or text[7] != "-":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _card_parts(text: str) -> tuple[int | None, int | None, int | None] | None:
    if found := _CARD_WHOLE.fullmatch(text):
        year, month, day = (found[1], found[2], found[3]) if found[1] else found.group(4, 5, 6)
        return int(year), int(month), int(day)
    if found := _CARD_YEARLESS.fullmatch(text):
        return None, int(found[1]), int(found[2])
    if found := _CARD_DAY.fullmatch(text):
        return None, None, int(found[1])
    if found := _CARD_MONTH.fullmatch(text):
        return None, int(found[1]), None
    if found := _CARD_YEAR.fullmatch(text):
        return int(found[1]), int(found[2]) if found[2] else None, None
    return None


def day_of(parts: PartialDate | None) -> date | None:
    """The calendar day when all three parts are known."""
    if parts is None or parts.year is None or parts.month is None or parts.day is None:
        return None
    return date(parts.year, parts.month, parts.day)


def write_card_date(parts: PartialDate, *, is_extended: bool) -> str:
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
