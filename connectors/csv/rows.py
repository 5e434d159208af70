"""Bytes → rows of cells: which delimiter, where the header stands; then the rows.

Nothing here knows what a column means. A quote that is never closed, a line without end or a file
in two encodings costs the row it stands in, not the file; every step is linear in what is read.
"""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, TextIO

from connectors.charsets import BYTEWISE, find_encodings

HEAD_BYTES = 1 << 18
"""The layout is worked out from so much of the file."""

MAX_ROW = 1 << 20
"""Characters; a longer row is rejected."""

EXCERPT = 1 << 16
"""Characters of a row that cannot be read which are kept."""

DELIMITERS = ",;\t|"

MAX_COLUMNS = 2_000

MOST_CONTROLS = 3
"""Control characters that a text of any length may have."""

PREAMBLE_ROWS = 30
"""The header is looked for in so many rows."""

_VALUE = re.compile(r"\S@\S|\d[\d ()/.-]{4,}")
"""An e-mail or phone number, as no column is called."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the bytes of a file are to be cut into cells."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    header_row: int
    """How many rows stand above the header; -1 when there is none."""


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row under the header. `number` counts from 1; `problem` says what is wrong with it."""

    number: int
    cells: Sequence[str]
    text: str
    problem: str | None = None


def find_layout(head: bytes, count_known: Callable[[Sequence[str]], int]) -> Layout | None:
    """The layout under which the header is best known; None when it is no table of cells.

    :param head: the first `HEAD_BYTES` of the file.
    :param count_known: how many columns of a header are known, 0 for what is none.
    """
    if is_binary(head):
        return None
    best: tuple[int, Layout] | None = None
    for encoding in find_encodings(head):
        text = _sample(head, encoding)
        for delimiter in DELIMITERS:
            for number, cells in enumerate(_first_rows(text, delimiter)):
                known = count_known(cells)
                if known > (best[0] if best else 0):
                    best = known, Layout(encoding, delimiter, _names(cells), number)
    return best[1] if best else _unknown_layout(head)


def open_text(stream: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """The characters; a byte that the encoding does not have is read as cp1252."""
    return io.TextIOWrapper(stream, encoding=encoding, errors=BYTEWISE, newline="")


def read_rows(text: TextIO, layout: Layout) -> Iterator[CsvRow]:
    """The rows under the header; blank lines are none."""
    number = -layout.header_row - 1
    for cells, raw, problem in _records(text, layout.delimiter, len(layout.header)):
        if any(cells) or problem or raw.strip():
            number += 1
            if number > 0:
                yield CsvRow(number, cells, raw, problem)


def write_row(cells: Sequence[str]) -> bytes:
    """A row as CSV in UTF-8, for what is rejected."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode("utf-8", "surrogatepass")


def _records(
    text: TextIO, delimiter: str, width: int
) -> Iterator[tuple[list[str], str, str | None]]:
    """Cells, text and problem of each row, blank ones too.

    A quote may run over many lines. One that is never closed would swallow the rest: then the
    line it opens in is a row by itself and reading goes on with the next line. Reading again is
    allowed only while it stays within a few times what was read at all, so that a file made of
    such quotes takes linear time.
    """
    csv.field_size_limit(MAX_ROW)
    lines = _RowLines(text)
    while True:
        reader = csv.reader(lines, delimiter=delimiter)
        try:
            for cells in reader:
                taken = lines.taken
                raw = "".join(taken)
                if len(taken) > 1 and _is_stray(taken, cells, width, delimiter):
                    break
                lines.taken = []
                yield cells, raw, None
            else:
                return
        except _TooLong as too_long:
            if too_long.line is not None:
                lines.taken = []
                yield [], too_long.line[:EXCERPT], f"a line of more than {MAX_ROW:,} characters"
                continue
        except csv.Error:
            raw = "".join(lines.taken)
            lines.taken = []
            yield [], raw, "quotes and separators that make no row"
            continue
        first = lines.give_back()
        cells = [cell.strip('" ') for cell in first.rstrip("\r\n").split(delimiter)]
        yield cells, first, None


def _is_stray(taken: list[str], cells: list[str], width: int, delimiter: str) -> bool:
    """Whether a quote that ran over several lines was none.

    It was never closed, or it joined rows of which the first was whole by itself.
    """
    if sum(line.count('"') for line in taken) % 2:
        return True
    return len(cells) != width and taken[0].count(delimiter) + 1 == width


class _TooLong(Exception):
    """A row goes on for too long; `line` is set when a single line does."""

    def __init__(self, line: str | None = None) -> None:
        super().__init__()
        self.line = line


class _RowLines:
    """Lines for csv.reader, none without end, that can be given back."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._read = self._read_again = 0
        self.taken: list[str] = []
        self._size = 0

    def __iter__(self) -> "_RowLines":
        return self

    def __next__(self) -> str:
        if not self.taken:
            self._size = 0
        elif self._size > MAX_ROW or self._read_again > 2 * self._read + 4 * MAX_ROW:
            raise _TooLong
        if self._again:
            line = self._again.popleft()
        else:
            line = self._text.readline(MAX_ROW)
            self._read += len(line)
        if not line:
            raise StopIteration
        if len(line) >= MAX_ROW and line[-1] not in "\r\n":
            while (rest := self._text.readline(MAX_ROW)) and rest[-1] not in "\r\n":
                pass
            raise _TooLong(line)
        self._size += len(line)
        self.taken.append(line)
        return line

    def give_back(self) -> str:
        """The first line of the row; the others will be read again."""
        first, *others = self.taken
        self._read_again += self._size - len(first)
        self._again.extendleft(reversed(others))
        self.taken = []
        return first


def is_binary(head: bytes) -> bool:
    """Whether the beginning holds control characters as no text does, UTF-16 left aside.

    A few stand in damaged texts too: those are left out where they are found.
    """
    sample = head[:4096]
    if find_encodings(head)[0].startswith("utf-16"):
        return False
    return sum(sample.count(byte) for byte in range(9)) > max(MOST_CONTROLS, len(sample) // 100)


def _first_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """The rows in which a header may be: the first ones, and none that is very wide."""
    records = islice(_records(io.StringIO(text, newline=""), delimiter, 0), 10 * PREAMBLE_ROWS)
    kept = (cells for cells, raw, _ in records if raw.strip() and len(cells) <= MAX_COLUMNS)
    return ([cell.replace("\0", "") for cell in cells] for cells in islice(kept, PREAMBLE_ROWS))


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.strip("\ufeff \t'") for cell in cells)


def _unknown_layout(head: bytes) -> Layout | None:
    """The layout of a table whose columns nobody knows: rows of equal width under short names."""
    encoding = find_encodings(head)[0]
    text = _sample(head, encoding)
    best: tuple[int, Layout] | None = None
    for delimiter in DELIMITERS:
        header, *rows = [*_first_rows(text, delimiter)] or [[""]]
        above = 0
        if header[0].lower().startswith("sep=") and rows:  # a note of Excel's to itself
            header, *rows = rows
            above = 1
        names = [cell for cell in _names(header) if cell]
        if len(names) < 2 or max(map(len, names)) > 80:
            continue
        if any(len(row) != len(header) for row in rows[: PREAMBLE_ROWS - 2]):
            continue
        if best is None or len(names) > best[0]:
            layout = Layout(encoding, delimiter, _names(header), above)
            if any(map(_VALUE.search, names)):
                # The first row is somebody: there are no names of columns.
                layout = Layout(encoding, delimiter, ("",) * len(header), above - 1)
            best = len(names), layout
    return best[1] if best else None


def _sample(head: bytes, encoding: str) -> str:
    """The characters of the sample, without the line at its end that may be cut."""
    text = codecs.getincrementaldecoder(encoding)(BYTEWISE).decode(head)
    return text[: text.rfind("\n") + 1] or text if len(head) >= HEAD_BYTES else text
