"""Text for a terminal: names are data; nothing in them moves the cursor or colours the screen."""

import unicodedata
from collections.abc import Collection, Sequence
from datetime import date

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that never reach a terminal: controls, bidi overrides, surrogates."""

JOINERS = frozenset("\u200c\u200d")
"""Needed within words of some scripts and in emoji; harmless."""


WIDEST = 120
"""Columns to which the cells of a table are filled up at most."""


def plain(value: object) -> str:
    """A value on one line, without anything that a terminal would act on."""
    text = value if isinstance(value, str) else "" if value is None else str(value)
    if text.isascii() and text.isprintable():
        return text
    spaced = "".join(" " if one in "\t\n\r\v\f\x85\u2028\u2029" else one for one in text)
    return "".join(one for one in spaced if not is_hidden(one))


def is_hidden(character: str) -> bool:
    """Whether a terminal might act on it, or show nothing."""
    return unicodedata.category(character) in HIDDEN and character not in JOINERS


def width(text: str) -> int:
    """How many columns a text takes: wide for East Asian, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(one) or one in JOINERS
        else 2
        if unicodedata.east_asian_width(one) in {"W", "F"}
        else 1
        for one in text
    )


def pad(text: str, columns: int) -> str:
    """Filled with spaces up to so many columns."""
    return text + " " * max(0, columns - width(text))


def shorten(text: str, columns: int) -> str:
    """Cut to so many columns, with an ellipsis."""
    if width(text) <= columns:
        return text
    kept = ""
    for one in text:
        if width(kept + one) > columns - 1:
            break
        kept += one
    return kept + "…"


def table(
    headers: Sequence[str],
    rows: Sequence[Sequence[object]],
    most: int | None = None,
    whole: Collection[str] = (),
) -> list[str]:
    """Lines of an aligned table; numbers stand right.

    Cells are cut at `most` columns, but for those of the columns in `whole`.
    """
    longest = [None if header in whole else most for header in headers]
    cells = [
        [
            plain(cell) if limit is None else shorten(plain(cell), limit)
            for cell, limit in zip(row, longest, strict=True)
        ]
        for row in rows
    ]
    names = [plain(header) for header in headers]
    # What is wider sticks out, rather than to push the rest of every other row away.
    widths = [
        min(WIDEST, max([width(name), *(width(row[column]) for row in cells)]))
        for column, name in enumerate(names)
    ]
    numeric = [
        bool(rows) and all(isinstance(row[column], int | float) for row in rows)
        for column in range(len(headers))
    ]
    lines = [_line(names, widths, numeric), _line(["─" * w for w in widths], widths, numeric)]
    return lines + [_line(row, widths, numeric) for row in cells]


def day(when: date | None, today: date) -> str:
    """Day and month, with the year when it is not this one: 3 August."""
    if not when:
        return ""
    words = f"{when.day} {when:%B}"
    return words if when.year == today.year else f"{words} {when.year}"


def size(octets: int) -> str:
    """340 kB, 1.2 MB."""
    return f"{octets / 2**20:,.1f} MB" if octets >= 2**20 else f"{max(octets // 1024, 1)} kB"


def count(number: int, singular: str, plural: str = "") -> str:
    """A number with its noun: 1 card, 2,991 cards."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    padded = [
        " " * (columns - width(cell)) + cell if right else pad(cell, columns)
        for cell, columns, right in zip(cells, widths, numeric, strict=True)
    ]
    return "  ".join(padded).rstrip()
