"""Names beside the points of a picture: shortened until they fit, in the widest usual font.

The page uses the reader's own fonts, so nothing is measured where it is made: label_widths.tsv has
the widths of DejaVu Sans, the widest that readers are likely to have, in thousandths of the font's
size. What fits there fits everywhere. The tests measure in a browser.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from importlib.resources import files

BOLD = 1.17
"""How much wider a bold letter is, at most on the average of a name."""
WIDE = 1.05
"""East Asian letters, which fill their square."""
PICTURE = 1.4
"""Emoji: the widest that fonts have."""
OTHER = 0.85
"""Any other letter: scripts that DejaVu does not have."""

INITIALS = re.compile(r"[A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u052f\u1e00-\u1eff]")
"""Scripts in which a letter and a dot stand for a name: Latin, Greek, Cyrillic."""

RIGHT_TO_LEFT = frozenset({"R", "AL"})


@cache
def _widths() -> dict[str, float]:
    text = files(__package__).joinpath("label_widths.tsv").read_text("utf-8")
    lines = (line.split("\t") for line in text.splitlines())
    return {letter: int(width) / 1000 for width, letters in lines for letter in letters}


def label_width(text: str, size: float, *, is_bold: bool = False) -> float:
    """How wide a text is at most, in pixels, at this size of letters."""
    known = _widths()
    ems = sum(known.get(letter) or _other(letter) for letter in text)
    return ems * size * (BOLD if is_bold else 1)


def _other(letter: str) -> float:
    if unicodedata.combining(letter) or unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    if unicodedata.category(letter) in {"So", "Sk"}:
        return PICTURE
    return WIDE if unicodedata.east_asian_width(letter) in {"W", "F"} else OTHER


def label(name: str, limit: float, size: float, place: str = "", *, is_bold: bool = False) -> str:
    """The name, or as much of it as fits into so many pixels.

    First the family name becomes its letter, where the script has that; then the end becomes "…".

    :param place: what tells the person from a namesake, said after a comma.
    """

    def fits(text: str) -> bool:
        return label_width(text, size, is_bold=is_bold) <= limit

    tail = f", {place}" if place else ""
    whole = name + tail
    if fits(whole):
        return whole
    words = name.split()
    is_turned = any(unicodedata.bidirectional(letter) in RIGHT_TO_LEFT for letter in name)
    if len(words) > 1 and INITIALS.match(words[-1]) and not is_turned:
        for first in (" ".join(words[:-1]), words[0]):
            if fits(short := f"{first} {words[-1][0]}.{tail}"):
                return short
    if tail and fits(short := words[0] + tail):
        return short
    return _cut(whole, fits)


def _cut(text: str, fits: Callable[[str], bool]) -> str:
    """As many of its letters as fit with "…" behind them, each with its marks."""
    end = len(text)
    while end > 1 and not fits(text[:end].rstrip() + "…"):
        end -= 1
    while 1 < end < len(text) and unicodedata.combining(text[end]):
        end -= 1
    return text[:end].rstrip(" ,") + "…"
