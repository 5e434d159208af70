"""A file of events → one body per UID, each a calendar of its own (RFC 5545 section 3.6).

A file with an error anywhere is lost whole to most readers. Here each UID stands alone: its
components, the time zones they name and the head of their calendar, as they were.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from connectors.content_lines import unfold
from connectors.contract import TASK_UID_PREFIX, Kind, Reject
from connectors.ical.components import Block, Calendar, calendars, plain, uid_among
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


class FileComponent(NamedTuple):
    """A component with its place in the file and what splitting asks of it."""

    position: int
    calendar: int
    block: Block
    has_time: bool
    zones: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class UidComponents:
    """All components of one UID and kind. `position` is that of the first in the file, from 1."""

    uid: str
    kind: Kind
    body: bytes
    position: int


@dataclass(frozen=True, slots=True)
class SplitFile:
    """What a file holds."""

    parts: tuple[UidComponents, ...]
    rejects: tuple[Reject, ...]


def split(body: bytes) -> SplitFile:
    """The parts of a file, in the order of their first components.

    Free-busy times and journals are nobody's meetings and tasks: they are left alone. A VEVENT
    with a UID of ours is a task.
    """
    text = plain(body)
    groups: dict[tuple[Kind, str], list[FileComponent]] = {}
    rejects: list[Reject] = []
    found = calendars(text)
    position, is_closed = 0, True
    for number, calendar in enumerate(found):
        for block in calendar.blocks:
            if block.name not in ("VEVENT", "VTODO"):
                continue
            position += 1
            is_closed &= block.is_closed
            lines = unfold(block.own)
            uid = uid_among(lines) or uid_in(properties(block.own)[0])
            kind: Kind = "event"
            if block.name == "VTODO" or uid.startswith(TASK_UID_PREFIX):
                kind = "task"
            zones = frozenset(_TZID.findall(lines))
            member = FileComponent(position, number, block, _WHEN.search(lines) is not None, zones)
            groups.setdefault((kind, uid), []).append(member)
    is_whole = is_closed and len(groups) == len(found) == 1
    is_whole = is_whole and text.lstrip()[:15].upper() == b"BEGIN:VCALENDAR"
    heads = {} if is_whole else {n: _Heads(calendar) for n, calendar in enumerate(found)}
    parts = []
    for (kind, uid), members in groups.items():
        first = members[0]
        if kind == "event" and not any(member.has_time for member in members):
            content = first.block.whole[:10_000]
            rejects.append(Reject("it has no DTSTART", uid, first.position, content))
            continue
        rejects += [
            Reject(f"END:{block.name} is missing", uid, None, block.whole[-200:], is_warning=True)
            for block in (member.block for member in members)
            if not block.is_closed
        ]
        part = text if is_whole else _body(members, heads)
        if len(part) > MAX_ITEM_BYTES:
            part = _without_long_lines(part)
            reason = f"lines longer than {MAX_LINE_BYTES // 1000} kB were left out"
            is_kept = len(part) <= MAX_ITEM_BYTES
            if not is_kept:
                reason = f"larger than {MAX_ITEM_BYTES // 1_000_000} MB"
            content = first.block.whole[:1000]
            rejects.append(Reject(reason, uid, first.position, content, is_warning=is_kept))
            if not is_kept:
                continue
        parts.append(UidComponents(uid, kind, part, first.position))
    return SplitFile(tuple(parts), tuple(rejects))


class _Heads:
    """What every body cut from a calendar begins with, found once for each calendar."""

    def __init__(self, calendar: Calendar) -> None:
        lines = _HEAD.findall(calendar.header)
        if not any(line[:7].upper() == b"VERSION" for line in lines):
            lines.insert(0, b"VERSION:2.0")
        self.head = b"".join(line.rstrip() + b"\r\n" for line in lines[:10])
        self._zones: dict[bytes, bytes] = {}
        for block in calendar.blocks:
            if block.name == "VTIMEZONE" and block.is_closed:
                for line in _ZONE_NAME.findall(unfold(block.own)):
                    self._zones[line.strip(_AROUND_NAMES)] = _ended(block)

    def zones(self, members: list[FileComponent]) -> list[bytes]:
        """The definitions of the zones that the components name."""
        named = {tzid.strip(_AROUND_NAMES) for member in members for tzid in member.zones}
        return [zone for tzid, zone in self._zones.items() if tzid in named]


def _body(members: list[FileComponent], heads: dict[int, _Heads]) -> bytes:
    """The components of one UID, in one calendar for each that they stood in."""
    texts: list[bytes] = []
    by_calendar: dict[int, list[FileComponent]] = {}
    for member in members:
        by_calendar.setdefault(member.calendar, []).append(member)
    for number, mine in by_calendar.items():
        head = heads[number]
        texts += [b"BEGIN:VCALENDAR\r\n", head.head, *head.zones(mine)]
        texts += [_ended(member.block) for member in mine]
        texts.append(b"END:VCALENDAR\r\n")
    return b"".join(texts)


def _ended(block: Block) -> bytes:
    """The component with the END that it may lack."""
    whole = block.whole.rstrip(b"\r\n") + b"\r\n"
    if block.is_closed:
        return whole
    return whole + f"END:{block.name}\r\n".encode("ascii")


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
