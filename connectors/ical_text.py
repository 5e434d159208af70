"""iCalendar text as it is written: escaping, folding, and changing a few lines of many."""

import re
from collections.abc import Mapping

from connectors.content_lines import parse_line
from connectors.ical_blocks import decode

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LINE_BYTES = 75


def edited(whole: bytes, changes: Mapping[str, str | None]) -> bytes:
    """A component with some of its own lines replaced, added or taken away."""
    end_of_line = b"\r\n" if b"\r\n" in whole else b"\n"
    left = dict(changes)
    lines: list[bytes] = []
    depth, is_dropped, insert_at = 0, False, 0
    for line in whole.splitlines(keepends=True):
        if line[:1] in (b" ", b"\t"):
            if not is_dropped:
                lines.append(line)
                if depth == 1:  # what is added comes after the whole of the last property
                    insert_at = len(lines)
            continue
        is_dropped = False
        word = line.split(b":")[0].strip().upper()
        if word == b"BEGIN":
            depth += 1
        name = _name(line) if depth == 1 else ""
        if name in changes:
            is_dropped = True
            if (new := left.pop(name, None)) is not None:
                lines.append(folded(new, end_of_line))
        else:
            lines.append(line)
        if depth == 1 and word not in (b"END", b""):
            insert_at = len(lines)
        if word == b"END":
            depth -= 1
    added = [folded(line, end_of_line) for line in left.values() if line is not None]
    return b"".join([*lines[:insert_at], *added, *lines[insert_at:]])


def _name(line: bytes) -> str:
    parsed = parse_line(decode(line.rstrip(b"\r\n")) + ":")
    return parsed[0].name if parsed else ""


def _kept(text: str) -> str:
    """Without what neither iCalendar nor the XML around it can carry."""
    return _CONTROL.sub("", text.replace("\r\n", "\n"))


def said(text: str) -> str:
    """What reading a text gives back that we wrote."""
    kept = _kept(text)
    return "" if kept.isspace() else kept


def escaped(text: str) -> str:
    """A TEXT value (RFC 5545 section 3.3.11)."""
    text = _kept(text)
    for char, escape in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(char, escape)
    return text


def folded(line: str, end_of_line: bytes) -> bytes:
    """At most 75 bytes a line, never inside a character (RFC 5545 section 3.1)."""
    raw = line.encode("utf-8")
    parts = []
    limit = _LINE_BYTES
    while len(raw) > limit:
        cut = limit
        while raw[cut] & 0xC0 == 0x80:
            cut -= 1
        parts.append(raw[:cut])
        raw = raw[cut:]
        limit = _LINE_BYTES - 1
    parts.append(raw)
    return (end_of_line + b" ").join(parts) + end_of_line
