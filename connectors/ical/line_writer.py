"""Writing iCalendar lines: escaping, folding, and changing a few of many."""

import re
from collections.abc import Mapping

from connectors.charsets import decode_text
from connectors.content_lines import parse_line
from connectors.ical.components import mark_of

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LINE_BYTES = 75


def edited(whole: bytes, changes: Mapping[str, str | None]) -> bytes:
    """A component with some of its own lines replaced, added or taken away.

    What is added stands after its own lines, before the first component inside it.
    """
    end_of_line = b"\r\n" if b"\r\n" in whole else b"\n"
    left = dict(changes)
    lines: list[bytes] = []
    stack: list[bytes] = []
    is_dropped, add_at = False, 0
    for line in whole.splitlines(keepends=True):
        if line[:1] not in (b" ", b"\t"):
            is_begin, component = mark_of(line) or (None, b"")
            is_nested = len(stack) > 1 or (is_begin is not None and bool(stack))
            if is_begin:
                stack.append(component)
            elif component in stack:
                del stack[len(stack) - 1 - stack[::-1].index(component) :]
            if is_nested and not add_at:
                add_at = len(lines)
            name = "" if is_nested else _name(line)
            is_dropped = name in changes
            if is_dropped and (new := left.pop(name, None)) is not None:
                lines.append(folded(new, end_of_line))
        if not is_dropped:
            lines.append(line)
    added = [folded(line, end_of_line) for line in left.values() if line is not None]
    return b"".join([*lines[:add_at], *added, *lines[add_at:]])


def _name(line: bytes) -> str:
    parsed = parse_line(decode_text(line.rstrip(b"\r\n")) + ":")
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
