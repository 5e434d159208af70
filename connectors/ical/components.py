"""iCalendar bytes → the components in them, as they stand (RFC 5545 section 3.4).

One pass over the BEGIN and END lines, in linear time. What real files get wrong is read as it was
meant: a component without END ends where the next one begins, one inside another of its kind
stands beside it, an alarm never breaks its event. Each BEGIN gives a block, so nothing is lost
silently. Nothing here looks into a property but UID and TZID.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from connectors.charsets import decode_text, utf8_of
from connectors.content_lines import parse_line, unfold

_MARK = re.compile(
    rb"^(BEGIN|END)[ \t]*:[ \t]*([A-Za-z0-9-]+)[ \t\r]*$", re.IGNORECASE | re.MULTILINE
)
_UID = re.compile(rb"^UID[;:].*", re.IGNORECASE | re.MULTILINE)
_LONE_CR = re.compile(rb"\r(?!\r?\n)")

_CALENDAR = b"VCALENDAR"
_TOP = frozenset({b"VEVENT", b"VTODO", b"VJOURNAL", b"VFREEBUSY", b"VTIMEZONE"})
_DEEPEST = 64
"""Components nested deeper than this are taken as text of the one around them."""


@dataclass(frozen=True, slots=True)
class Block:
    """A component that stands directly in a calendar.

    `whole` are its bytes with BEGIN and END, `own` the lines between without nested components,
    which are `children` (name and bytes with BEGIN and END). `start` is where it begins.
    """

    name: str
    whole: bytes
    own: bytes
    start: int
    children: tuple[tuple[str, bytes], ...] = ()
    is_closed: bool = True

    @property
    def uid(self) -> str | None:
        """Its UID, None when there is none or an empty one."""
        return uid_among(unfold(self.own))


@dataclass(slots=True)
class Calendar:
    """One VCALENDAR: what stands in it outside of components, and its components in order."""

    header: bytes = b""
    blocks: list[Block] = field(default_factory=list)


def uid_among(lines: bytes) -> str | None:
    """The UID among unfolded lines."""
    for found in _UID.finditer(lines):
        if parsed := parse_line(decode_text(found[0])):
            return parsed[1].replace("\0", "").strip() or None
    return None


def calendars(body: bytes) -> list[Calendar]:
    """The calendars of a text, in order. Components outside any calendar make up one more."""
    found: list[Calendar] = []
    for number, block in components(plain(body), found):
        found[number].blocks.append(block)
    return found


def components(text: bytes, found: list[Calendar]) -> Iterator[tuple[int, Block]]:
    """Each component of a plain text and the number of its calendar, from 0; none is kept.

    :param found: takes the calendars; their headers are whole when all components have been seen.
    """
    reader = _ComponentReader(text, found)
    for mark in _MARK.finditer(text):
        reader.take(mark.start(), mark.end(), mark[1].upper() == b"BEGIN", mark[2].upper())
        if reader.closed:
            yield reader.closed.pop()
    reader.finish()
    yield from reader.closed


def plain(body: bytes) -> bytes:
    """UTF-8 without byte order mark if the text says or shows that it is UTF-16; LF for lone CR."""
    body = utf8_of(body)
    if body.count(b"\r") != body.count(b"\r\n"):
        body = _LONE_CR.sub(b"\n", body)
    return body


def mark_of(line: bytes) -> tuple[bool, bytes] | None:
    """Whether a line is BEGIN (else END), and of what; None for all other lines."""
    mark = _MARK.match(line)
    return (mark[1].upper() == b"BEGIN", mark[2].upper()) if mark else None


class _ComponentReader:
    """The state between two BEGIN or END lines."""

    def __init__(self, body: bytes, found: list[Calendar]) -> None:
        self.body = body
        self.found = found
        self.closed: list[tuple[int, Block]] = []
        """What ended last: one at most, for each line ends at most one."""
        self.header: list[bytes] = []
        self.is_in_calendar = False
        self.stack: list[bytes] = []
        """Names of the open block and what is open inside it."""
        self.block_start = 0
        self.text_start = 0
        """Where the text begins that belongs to the calendar or to the block itself."""
        self.child_start = 0
        self.own: list[bytes] = []
        self.children: list[tuple[str, bytes]] = []

    def take(self, start: int, end: int, is_begin: bool, name: bytes) -> None:
        if self.stack and (name == _CALENDAR or (is_begin and name in _TOP)):
            self._close(start, start, is_closed=False)
        if self.stack:
            self._inside(start, end, is_begin, name)
        elif is_begin and name == _CALENDAR:
            self._end_calendar(start)
            self._begin_calendar(end)
        elif is_begin:
            self._open(start, end, name)
        elif name == _CALENDAR:
            self._end_calendar(start)

    def finish(self) -> None:
        if self.stack:
            self._close(len(self.body), len(self.body), is_closed=False)
        self._end_calendar(len(self.body))

    def _end_calendar(self, end: int) -> None:
        if self.is_in_calendar:
            self._to_header(end)
            self.found[-1].header = b"".join(self.header)
        self.is_in_calendar = False

    def _to_header(self, end: int) -> None:
        """What stands between two components; in most files but the end of a line."""
        text = self.body[self.text_start : end]
        if text and not text.isspace():
            self.header.append(text)

    def _begin_calendar(self, text_start: int) -> None:
        self.found.append(Calendar())
        self.header = []
        self.is_in_calendar = True
        self.text_start = text_start

    def _open(self, start: int, end: int, name: bytes) -> None:
        if not self.is_in_calendar:
            self._begin_calendar(start)
        self._to_header(start)
        self.stack = [name]
        self.block_start, self.text_start = start, end
        self.own, self.children = [], []

    def _inside(self, start: int, end: int, is_begin: bool, name: bytes) -> None:
        if not is_begin and name == self.stack[0]:
            self._close(start, end, is_closed=True)
        elif is_begin and len(self.stack) < _DEEPEST:
            if len(self.stack) == 1:
                self.own.append(self.body[self.text_start : start])
                self.child_start = start
            self.stack.append(name)
        elif not is_begin and name in self.stack:
            while self.stack.pop() != name:
                pass
            if len(self.stack) == 1:
                child = self.body[self.child_start : end]
                self.children.append((name.decode("ascii"), child))
                self.text_start = end

    def _close(self, start: int, end: int, *, is_closed: bool) -> None:
        if len(self.stack) == 1:
            self.own.append(self.body[self.text_start : start])
        block = Block(
            name=self.stack[0].decode("ascii"),
            whole=self.body[self.block_start : end],
            own=b"".join(self.own),
            start=self.block_start,
            children=tuple(self.children),
            is_closed=is_closed,
        )
        self.closed.append((len(self.found) - 1, block))
        self.stack = []
        self.text_start = end
