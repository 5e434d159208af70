"""A file of events → one body per UID, each a calendar of its own (RFC 5545 section 3.6).

A file with an error anywhere is lost whole to most readers. Here each UID stands alone: its
components, the time zones they name and the head of their calendar, as they were.
"""

import re
from dataclasses import dataclass

from connectors.content_lines import unfold
from connectors.ical_blocks import Block, Calendar, calendars, decode, plain
from connectors.ical_values import properties, uid_in
from pipeline.records import TASK_UID_PREFIX, Kind, Reject

MAX_ITEM_BYTES = 4_000_000
"""A larger item is a reject: what is that long is an attachment."""
MAX_LINE_BYTES = 64_000
"""Lines longer than this are left out of an item that is too large, before it is given up."""
_TZID = re.compile(rb"TZID=(\"[^\"\r\n]*\"|[^;:\r\n]*)", re.IGNORECASE)
_WHEN = re.compile(rb"^(?:DTSTART|RECURRENCE-ID)[;:]", re.IGNORECASE | re.MULTILINE)
_HEAD = re.compile(
    rb"^(?:METHOD|X-WR-TIMEZONE|PRODID|VERSION|CALSCALE)[;:][^\r\n]{0,1000}(?:\r?\n[ \t][^\r\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)


Member = tuple[int, int, Block]
"""Position in the file, number of the calendar, the component."""


@dataclass(frozen=True, slots=True)
class Part:
    """All components of one UID and kind. `position` is that of the first in the file, from 1."""

    uid: str
    kind: Kind
    body: bytes
    position: int


@dataclass(frozen=True, slots=True)
class Split:
    """What a file holds."""

    parts: tuple[Part, ...]
    rejects: tuple[Reject, ...]


def split(body: bytes) -> Split:
    """The parts of a file, in the order of their first components.

    Free-busy times and journals are nobody's meetings and tasks: they are left alone. A VEVENT
    with a UID of ours is a task.
    """
    text = plain(body)
    groups: dict[tuple[Kind, str], list[Member]] = {}
    rejects: list[Reject] = []
    found = calendars(text)
    position, is_closed = 0, True
    for number, calendar in enumerate(found):
        for block in calendar.blocks:
            if block.name not in ("VEVENT", "VTODO"):
                continue
            position += 1
            is_closed &= block.is_closed
            uid = block.uid or uid_in(properties(block.own)[0])
            kind: Kind = "event"
            if block.name == "VTODO" or uid.startswith(TASK_UID_PREFIX):
                kind = "task"
            groups.setdefault((kind, uid), []).append((position, number, block))
    is_whole = (
        len(groups) == 1 and len(found) == 1 and text.lstrip()[:15].upper() == b"BEGIN:VCALENDAR"
    )
    heads = {} if is_whole else {n: _Heads(calendar) for n, calendar in enumerate(found)}
    parts = []
    for (kind, uid), members in groups.items():
        if kind == "event" and not any(_WHEN.search(unfold(one.own)) for _, _, one in members):
            first, _, block = members[0]
            rejects.append(Reject("it has no DTSTART", uid, first, block.whole[:10_000]))
            continue
        rejects += [
            Reject(f"END:{block.name} is missing", uid, None, block.whole[-200:], is_warning=True)
            for _, _, block in members
            if not block.is_closed
        ]
        part = text if is_whole else _body(members, heads)
        if len(part) > MAX_ITEM_BYTES:
            part = _without_long_lines(part)
            reason = f"lines longer than {MAX_LINE_BYTES // 1000} kB were left out"
            is_kept = len(part) <= MAX_ITEM_BYTES
            if not is_kept:
                reason = f"larger than {MAX_ITEM_BYTES // 1_000_000} MB"
            first, _, block = members[0]
            rejects.append(Reject(reason, uid, first, block.whole[:1000], is_warning=is_kept))
            if not is_kept:
                continue
        parts.append(Part(uid, kind, part, members[0][0]))
    return Split(tuple(parts), tuple(rejects))


class _Heads:
    """What every body cut from a calendar begins with, found once for each calendar."""

    def __init__(self, calendar: Calendar) -> None:
        lines = _HEAD.findall(calendar.header)
        if not any(line[:7].upper() == b"VERSION" for line in lines):
            lines.insert(0, b"VERSION:2.0")
        self.head = b"".join(line.rstrip() + b"\r\n" for line in lines[:10])
        self._zones: dict[str, bytes] = {}
        for block in calendar.blocks:
            if block.name == "VTIMEZONE" and block.is_closed:
                found, _ = properties(block.own)
                for line in found.get("TZID", ()):
                    self._zones[line.value.strip().strip('"')] = _ended(block)

    def zones(self, blocks: list[Block]) -> list[bytes]:
        """The definitions of the zones that the blocks name."""
        if not self._zones:
            return []
        named = {
            decode(tzid).strip('"').strip()
            for one in blocks
            for tzid in _TZID.findall(unfold(one.own))
        }
        return [zone for tzid, zone in self._zones.items() if tzid in named]


def _body(members: list[Member], heads: dict[int, _Heads]) -> bytes:
    """The components of one UID, in one calendar for each that they stood in."""
    texts: list[bytes] = []
    by_calendar: dict[int, list[Block]] = {}
    for _, number, block in members:
        by_calendar.setdefault(number, []).append(block)
    for number, blocks in by_calendar.items():
        head = heads[number]
        texts += [b"BEGIN:VCALENDAR\r\n", head.head, *head.zones(blocks)]
        texts += [_ended(block) for block in blocks]
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
