"""A file of events → one body per UID, each a calendar of its own (RFC 5545 section 3.6).

A file with an error anywhere is lost whole to most readers. Here each UID stands alone: its
components, the time zones they name and the head of their calendar, as they were.
"""

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from connectors.content_lines import unfold
from connectors.contract import TASK_UID_PREFIX, Kind, Reject
from connectors.ical.components import Block, Calendar, components, plain, uid_among
from connectors.ical.property_values import properties, uid_in

MAX_ITEM_BYTES = 4_000_000
"""A larger item is a reject: what is that long is an attachment."""
MAX_LINE_BYTES = 64_000
"""Lines longer than this are left out of an item that is too large, before it is given up."""
_TZID = re.compile(rb"TZID=(\"[^\"\r\n]*\"|[^;:\r\n]*)", re.IGNORECASE)
_ZONE_NAME = re.compile(rb"^TZID(?:;[^:\n]*)?:(.*)", re.IGNORECASE | re.MULTILINE)
_AROUND_NAMES = b'" \t\r'
_WHEN = re.compile(rb"^(?:DTSTART|RECURRENCE-ID)[;:]", re.IGNORECASE | re.MULTILINE)
_HEAD = re.compile(
    rb"^(?:METHOD|X-WR-TIMEZONE|PRODID|VERSION|CALSCALE)[;:][^\r\n]{0,1000}(?:\r?\n[ \t][^\r\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)


_HAS_TIME, _IS_CLOSED, _IS_TODO = 1, 2, 4
_NO_MORE = -1


@dataclass(frozen=True, slots=True)
class UidComponents:
    """All components of one UID and kind. `position` is that of the first in the file, from 1."""

    uid: str
    kind: Kind
    body: bytes
    position: int


def split(body: bytes) -> Iterator[UidComponents | Reject]:
    """The parts of a file, in the order of their first components, each before its warnings.

    Free-busy times and journals are nobody's meetings and tasks: they are left alone. A VEVENT
    with a UID of ours is a task. Beside the file itself memory holds some 200 bytes a component
    and one part.
    """
    text = plain(body)
    members, first_of, heads = _Members(text), _UidGroups(), _Heads()
    found: list[Calendar] = []
    for number, block in components(text, found):
        if block.name == "VTIMEZONE":
            heads.add(number, block)
        if block.name not in ("VEVENT", "VTODO"):
            continue
        lines = unfold(block.own)
        uid = uid_among(lines) or uid_in(properties(block.own)[0])
        is_task = block.name == "VTODO" or uid.startswith(TASK_UID_PREFIX)
        first_of.add(uid, is_task, members.add(number, block, lines), members)
    whole = len(first_of) == len(found) == 1 and members.are_closed()
    whole = whole and text.lstrip()[:15].upper() == b"BEGIN:VCALENDAR"
    for uid, kind, first in first_of:
        mine = list(members.after(first))
        if kind == "event" and not any(one.has_time for one in mine):
            content = mine[0].whole[:10_000]
            yield Reject("it has no DTSTART", uid, first + 1, content)
            continue
        part = text if whole else _body(mine, found, heads)
        yield from _part_or_reject(uid, kind, part, first + 1, mine[0].whole[:1000])
        for one in mine:
            if not one.is_closed:
                reason = f"END:{one.name} is missing"
                yield Reject(reason, uid, None, one.whole[-200:], is_warning=True)


def _part_or_reject(
    uid: str, kind: Kind, body: bytes, position: int, sample: bytes
) -> Iterator[UidComponents | Reject]:
    """The part, without its long lines where it is too large."""
    reason, is_kept = "", True
    if len(body) > MAX_ITEM_BYTES:
        body = _without_long_lines(body)
        if is_kept := len(body) <= MAX_ITEM_BYTES:
            reason = f"lines longer than {MAX_LINE_BYTES // 1000} kB were left out"
        else:
            reason = f"larger than {MAX_ITEM_BYTES // 1_000_000} MB"
    if is_kept:
        yield UidComponents(uid, kind, body, position)
    if reason:
        yield Reject(reason, uid, position, sample, is_warning=is_kept)


class FileComponent(NamedTuple):
    """A component and what splitting asks of it."""

    calendar: int
    name: str
    whole: bytes
    is_closed: bool
    has_time: bool
    zones: frozenset[bytes]


class _Members:
    """Where the components stand, in numbers: an archive has a million."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._starts, self._ends = array("Q"), array("Q")
        self._calendars, self._zones = array("L"), array("L")
        self._flags = array("B")
        self._next = array("q")
        self._zone_sets: list[frozenset[bytes]] = []
        self._numbers: dict[frozenset[bytes], int] = {}

    def add(self, calendar: int, block: Block, lines: bytes) -> int:
        """Note one, and return its number from 0."""
        zones = frozenset(_TZID.findall(lines))
        self._starts.append(block.start)
        self._ends.append(block.start + len(block.whole))
        self._calendars.append(calendar)
        self._zones.append(self._numbers.setdefault(zones, len(self._zone_sets)))
        if self._zones[-1] == len(self._zone_sets):
            self._zone_sets.append(zones)
        self._flags.append(
            _HAS_TIME * (_WHEN.search(lines) is not None)
            + _IS_CLOSED * block.is_closed
            + _IS_TODO * (block.name == "VTODO")
        )
        self._next.append(_NO_MORE)
        return len(self._next) - 1

    def are_closed(self) -> bool:
        """Whether each has an END of its own."""
        return all(flags & _IS_CLOSED for flags in self._flags)

    def chain(self, last: int, number: int) -> None:
        """This one is of the same UID as that one, which was the last of them."""
        self._next[last] = number

    def after(self, first: int) -> Iterator[FileComponent]:
        """One and those of the same UID after it."""
        number = first
        while number != _NO_MORE:
            flags = self._flags[number]
            yield FileComponent(
                self._calendars[number],
                "VTODO" if flags & _IS_TODO else "VEVENT",
                self._text[self._starts[number] : self._ends[number]],
                bool(flags & _IS_CLOSED),
                bool(flags & _HAS_TIME),
                self._zone_sets[self._zones[number]],
            )
            number = self._next[number]


class _UidGroups:
    """The UIDs of a file in their order, events and tasks apart: the first component of each."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}
        self._last: dict[int, int] = {}
        """First → last, where they differ."""

    def add(self, uid: str, is_task: bool, number: int, members: _Members) -> None:
        """Note to which UID a component belongs."""
        key = f"\0{uid}" if is_task else uid  # no UID begins so, and a pair for each takes memory
        first = self._first.setdefault(key, number)
        if first != number:
            members.chain(self._last.get(first, first), number)
            self._last[first] = number

    def __len__(self) -> int:
        return len(self._first)

    def __iter__(self) -> Iterator[tuple[str, Kind, int]]:
        for key, first in self._first.items():
            yield key.removeprefix("\0"), "task" if key.startswith("\0") else "event", first


class _Heads:
    """What every body cut from a calendar begins with. What many calendars say is kept once."""

    def __init__(self) -> None:
        self._zones: dict[int, dict[bytes, bytes]] = {}
        self._same: dict[bytes, bytes] = {}
        self._made: tuple[int, bytes] = (-1, b"")

    def add(self, calendar: int, block: Block) -> None:
        """Note the definition of a zone."""
        if block.is_closed:
            whole = _ended(block.name, block.whole, is_closed=True)
            for line in _ZONE_NAME.findall(unfold(block.own)):
                name = line.strip(_AROUND_NAMES)
                named = self._zones.setdefault(calendar, {})
                named[self._same.setdefault(name, name)] = self._same.setdefault(whole, whole)

    def head(self, number: int, calendar: Calendar) -> bytes:
        """The lines about the calendar itself."""
        if self._made[0] != number:
            lines = _HEAD.findall(calendar.header)
            if not any(line[:7].upper() == b"VERSION" for line in lines):
                lines.insert(0, b"VERSION:2.0")
            self._made = number, b"".join(line.rstrip() + b"\r\n" for line in lines[:10])
        return self._made[1]

    def zones(self, number: int, members: list[FileComponent]) -> list[bytes]:
        """The definitions of the zones that the components name."""
        named = {tzid.strip(_AROUND_NAMES) for member in members for tzid in member.zones}
        return [zone for tzid, zone in self._zones.get(number, {}).items() if tzid in named]


def _body(members: list[FileComponent], found: list[Calendar], heads: _Heads) -> bytes:
    """The components of one UID, in one calendar for each that they stood in."""
    texts: list[bytes] = []
    by_calendar: dict[int, list[FileComponent]] = {}
    for member in members:
        by_calendar.setdefault(member.calendar, []).append(member)
    for number, mine in by_calendar.items():
        head = heads.head(number, found[number])
        texts += [b"BEGIN:VCALENDAR\r\n", head, *heads.zones(number, mine)]
        texts += [_ended(one.name, one.whole, is_closed=one.is_closed) for one in mine]
        texts.append(b"END:VCALENDAR\r\n")
    return b"".join(texts)


def _ended(name: str, whole: bytes, *, is_closed: bool) -> bytes:
    """The component with the END that it may lack."""
    whole = whole.rstrip(b"\r\n") + b"\r\n"
    return whole if is_closed else whole + f"END:{name}\r\n".encode("ascii")


def _without_long_lines(body: bytes) -> bytes:
    kept: list[bytes] = []
    size = 0
    start = 0
    for line in body.splitlines(keepends=True):
        if line[:1] in (b" ", b"\t"):
            size += len(line)
        else:
            if size > MAX_LINE_BYTES:
                del kept[start:]
            start, size = len(kept), len(line)
        kept.append(line)
    if size > MAX_LINE_BYTES:
        del kept[start:]
    return b"".join(kept)
