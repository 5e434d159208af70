"""Lines and tables that fit a screen: wrapped between words, nothing cut off.

Widths are columns of a terminal. None for a width: as wide as it comes, as data in a pipe is.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.terminal.terminal_text import pad, plain, width

GAP = 2
WIDEST = 120
"""Columns to which the cells of a table without a width are filled up at most."""


COMMAND = re.compile(r"`[^`]+`")
KEPT = "\0"
"""Stands for a space within a command, which is copied as a whole; no text for a screen has it."""


def wrapped(line: str, columns: int | None) -> list[str]:
    """One line as those that it takes; what follows stands two columns further in."""
    if columns is None or width(line) <= columns:
        return [line]
    indent = line[: len(line) - len(line.lstrip(" "))]
    further = indent + "  "
    rest = columns - len(further)
    if rest < 1:
        return [line]
    first, *others = _pieces(line.strip(" "), columns - len(indent), rest)
    return [indent + first, *(further + other for other in others)]


def table(
    headers: Sequence[str], rows: Sequence[Sequence[object]], columns: int | None = None
) -> list[str]:
    """An aligned table, numbers to the right; cells are wrapped where it would be too wide.

    What does not fit even then is told row by row, a line a column.
    """
    names = [plain(header) for header in headers]
    cells = [[plain(cell) for cell in row] for row in rows]
    widths = [
        max([width(name), *(width(row[number]) for row in cells)])
        for number, name in enumerate(names)
    ]
    if columns is None:
        # What is wider sticks out, rather than to push the rest of every other row away.
        widths = [min(WIDEST, one) for one in widths]
    elif sum(widths) + GAP * (len(widths) - 1) > columns:
        words = [
            max(_longest_word(text) for text in (name, *(row[number] for row in cells)))
            for number, name in enumerate(names)
        ]
        found = _shares(widths, words, columns - GAP * (len(widths) - 1))
        if found is None:
            return _one_by_one(names, cells, columns)
        widths = found
    numeric = [
        bool(rows) and all(isinstance(row[number], int | float) for row in rows)
        for number in range(len(names))
    ]
    rule = ["─" * one for one in widths]
    lines = [*_row(names, widths, numeric), *_row(rule, widths, numeric)]
    for row in cells:
        lines += _row(row, widths, numeric)
    return lines


def _longest_word(text: str) -> int:
    return max(map(width, text.split(" ")), default=0)


def _shares(wanted: Sequence[int], words: Sequence[int], columns: int) -> list[int] | None:
    """How wide each column may be: no narrower than its longest word; None if they do not fit."""
    spare = columns - sum(words)
    if spare < 0:
        return None
    shares = list(words)
    # The narrow ones get all they want first, and what they leave goes to the wide ones.
    order = sorted(range(len(wanted)), key=lambda number: wanted[number] - words[number])
    for done, number in enumerate(order):
        more = min(wanted[number] - words[number], spare // (len(order) - done))
        shares[number] += more
        spare -= more
    return shares


def _one_by_one(names: Sequence[str], cells: Sequence[Sequence[str]], columns: int) -> list[str]:
    """Each row as lines of name and value, an empty line between two."""
    longest = min(max(map(width, names)), columns // 2)
    lines: list[str] = []
    for row in cells:
        lines += [""] if lines else []
        for name, cell in zip(names, row, strict=True):
            head = pad(name, longest) + " " * GAP
            room = max(columns - width(head), 1)
            first, *others = _pieces(cell, room, room) or [""]
            lines.append((head + first).rstrip())
            lines += [" " * width(head) + other for other in others]
    return lines


def _row(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> Iterator[str]:
    """One row in as many lines as its longest cell takes."""
    columns = [
        [cell] if width(cell) <= room or room == WIDEST else _pieces(cell, room, room)
        for cell, room in zip(cells, widths, strict=True)
    ]
    for number in range(max(map(len, columns), default=0)):
        parts = [pieces[number] if number < len(pieces) else "" for pieces in columns]
        yield (
            (" " * GAP)
            .join(
                " " * (room - width(part)) + part if right else pad(part, room)
                for part, room, right in zip(parts, widths, numeric, strict=True)
            )
            .rstrip()
        )


def _pieces(text: str, first: int, rest: int) -> list[str]:
    """A text in pieces of so many columns, parted at spaces; only a longer word is parted itself.

    A command between backticks stays in one piece, also where it is longer: who copies it runs it.
    So do an address and a path.
    """
    pieces: list[str] = []
    line, room = "", first
    for word in COMMAND.sub(lambda found: found[0].replace(" ", KEPT), text).split(" "):
        joined = f"{line} {word}" if line else word
        if width(joined) <= room:
            line = joined
            continue
        if line:
            pieces.append(line)
            room = rest
        line = word
        while width(line) > room and KEPT not in line and "/" not in line:
            kept = _head(line, room)
            pieces.append(kept)
            line, room = line[len(kept) :], rest
    return [piece.rstrip().replace(KEPT, " ") for piece in pieces] + [line.replace(KEPT, " ")]


def _head(word: str, columns: int) -> str:
    """As much of a word as fits, at least one character of it."""
    end, taken = 0, 0
    for character in word:
        taken += width(character)
        if taken > columns and end:
            break
        end += 1
    return word[:end]
