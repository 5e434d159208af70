"""Dates as address books write them: "4/12/1985", "12. März 1985", "--04-12", "7-Feb-22".

A year is never invented: two digits that could be either century leave the year unknown.
"""

import re
from datetime import date
from typing import Literal

from connectors.contract import PartialDate

Order = Literal["mdy", "dmy"]
"""What a date of three numbers means when the year stands last."""

LONGEST = 40
"""Characters; a longer cell is a text, not a date."""

_Parts = tuple[str, int, int]
_NO_YEARS = (0, 1604)
"""How programs that know no dates without a year write that there is none."""

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_NO_YEAR = re.compile(r"--(\d{1,2})-?(\d{2})$")
_NUMBERS = re.compile(r"(\d{1,4})[./\- ]+(\d{1,2})[./\- ]+(\d{1,4})\.?(?:[ T]+\d.*)?$")
_DAY_AND_MONTH = re.compile(r"(\d{1,2})[./](\d{1,2})\.?$")
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
    if _is_day(number or 2000, month, day):
        return PartialDate(year=number, month=month, day=day)
    return PartialDate(text=text)


def whole_date(text: str, order: Order = "mdy") -> date | None:
    """A day with its year, two digits meaning this century; None when the text is no such day."""
    parts = _parts(text.strip(), order) if len(text) <= LONGEST else None
    if parts is None or not parts[0]:
        return None
    year, month, day = parts
    number = int(year) + (2000 if len(year) <= 2 else 0)
    return date(number, month, day) if _is_day(number, month, day) else None


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
    if match := _NO_YEAR.match(text):
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


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
