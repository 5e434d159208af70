"""Content lines, the shared grammar of vCard and iCalendar, read tolerantly in linear time.

(RFC 6350 section 3.3, RFC 5545 section 3.1.)

bytes → `unfold` → one logical line each → `parse_line` → a `Head` (group, name, parameters) and
the raw value. Nothing raises: a line without a head is None, and the caller notes it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

MAX_CACHED_HEAD = 256
"""Longer heads (an ALTREP, a LABEL parameter) hardly repeat: they are parsed each time."""

_NAME = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)?", re.ASCII)
_QUOTED_PRINTABLE = re.compile(rb"quoted-printable", re.IGNORECASE)
_BORDER = re.compile(rb"(?:BEGIN|END):V", re.IGNORECASE)
_PROPERTY = re.compile(rb"[A-Za-z][A-Za-z0-9.-]*[;:]")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CARET = re.compile(r"\^([n^'])")
_CARETS = {"n": "\n", "^": "^", "'": '"'}
_BARE_ENCODINGS = frozenset({"QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B"})


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before a value: `item1.TEL;TYPE=home,fax` → item1, TEL, {TYPE: (home, fax)}.

    Names of properties and parameters are upper case; values are as written, without quotes.
    The bare parameters of vCard 2.1 (`TEL;HOME`) stand under TYPE or ENCODING.
    """

    group: str
    name: str
    params: dict[str, tuple[str, ...]]

    def first(self, name: str) -> str:
        """The first value of a parameter, or an empty text."""
        values = self.params.get(name)
        return values[0] if values else ""


# --- lines --------------------------------------------------------------------------------


def unfold(body: bytes) -> bytes:
    """Lines ended by LF alone, each a whole content line (RFC 6350 section 3.2).

    It works on bytes because writers fold in the middle of a character. The soft line breaks of
    quoted-printable values are joined here too.
    """
    body = _with_plain_line_ends(body)
    if b"=\n" in body and _QUOTED_PRINTABLE.search(body):
        return b"\n".join(line for _, line in numbered_lines(body))
    return body.replace(b"\n ", b"").replace(b"\n\t", b"")


def numbered_lines(body: bytes) -> Iterator[tuple[int, bytes]]:
    """What `unfold` gives, line by line, with the number (from 1) of the first physical line."""
    start, parts = 0, []
    is_quoted = is_soft = is_after_blank = False
    for number, line in enumerate(_with_plain_line_ends(body).split(b"\n"), 1):
        if is_soft:
            # A quoted-printable value goes on; blank lines inside it are known of old exports.
            if not line:
                is_after_blank = True
                continue
            if not _BORDER.match(line) and not (is_after_blank and _PROPERTY.match(line)):
                parts.append(line.removesuffix(b"="))
                is_soft = line.endswith(b"=")
                continue
            is_soft = False
        if line[:1] in (b" ", b"\t") and start:
            parts.append(line[1:])
        else:
            if start:
                yield start, b"".join(parts)
            start, parts = number, [line]
            is_quoted = _is_quoted_printable(line)
        if is_quoted and line.endswith(b"="):
            parts[-1] = parts[-1].removesuffix(b"=")
            is_soft, is_after_blank = True, False
    yield start, b"".join(parts)


def _with_plain_line_ends(body: bytes) -> bytes:
    body = body.replace(b"\r\n", b"\n")
    if b"\r" in body:  # CRLF written once more through a text file, or an old Mac's CR alone
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return body


def _is_quoted_printable(line: bytes) -> bool:
    head, colon, _ = line.partition(b":")
    return bool(colon) and _QUOTED_PRINTABLE.search(head) is not None


# --- one line -----------------------------------------------------------------------------


def parse_line(line: str) -> tuple[Head, str] | None:
    """Head and raw value; None when there is no colon or no name before it."""
    cut = value_start(line)
    if not cut:
        return None
    head = parse_head(line[: cut - 1])
    return None if head is None else (head, line[cut:])


def value_start(line: str) -> int:
    """Where the value begins, 0 without a colon.

    A colon inside quotes does not count; an unbalanced quote is an ordinary character.
    """
    colon = line.find(":")
    quote = line.find('"', 0, colon) if colon >= 0 else -1
    if quote < 0:
        return colon + 1
    first_colon = colon
    while quote >= 0:
        end = line.find('"', quote + 1)
        if end < 0:
            return first_colon + 1
        if colon < end:
            colon = line.find(":", end + 1)
        if colon < 0:
            return first_colon + 1
        quote = line.find('"', end + 1, colon)
    return colon + 1


def parse_head(text: str) -> Head | None:
    """Group, name and parameters; None when the name is none. Heads repeat: most are cached."""
    if len(text) <= MAX_CACHED_HEAD:
        return _cached_head(text)
    return _parse_head(text)


def _parse_head(text: str) -> Head | None:
    name, semicolon, rest = text.partition(";")
    group, _, name = name.strip().rpartition(".")
    if not _NAME.fullmatch(name):
        return None
    return Head(group.lower(), name.upper(), _parse_params(rest) if semicolon else {})


_cached_head = lru_cache(maxsize=8192)(_parse_head)


def _parse_params(text: str) -> dict[str, tuple[str, ...]]:
    params: dict[str, list[str]] = {}
    for param in split_outside_quotes(text, ";"):
        name, equals, value = param.partition("=")
        name = name.strip().upper()
        if not equals:
            name, value = ("ENCODING" if name in _BARE_ENCODINGS else "TYPE"), name
        if not value.strip() and not equals:
            continue
        values = split_outside_quotes(value, ",")
        params.setdefault(name, []).extend(_param_value(value) for value in values)
    return {name: tuple(values) for name, values in params.items()}


def _param_value(text: str) -> str:
    text = text.strip()
    if text[:1] == '"':
        text = text.strip('"')
    if "^" in text:  # RFC 6868
        text = _CARET.sub(lambda found: _CARETS[found[1]], text)
    return text


def split_outside_quotes(text: str, separator: str) -> list[str]:
    """Split where the separator is not between double quotes; unbalanced, quotes mean nothing."""
    if '"' not in text:
        return text.split(separator)
    pieces = text.split('"')
    if len(pieces) % 2 == 0:
        return text.split(separator)
    parts: list[list[str]] = [[]]
    for number, piece in enumerate(pieces):
        if number % 2:
            parts[-1].append(f'"{piece}"')
            continue
        first, *others = piece.split(separator)
        parts[-1].append(first)
        parts.extend([other] for other in others)
    return ["".join(part) for part in parts]


# --- values -------------------------------------------------------------------------------


def unescape(value: str) -> str:
    r"""`\n` and `\N` are line ends, `\,` `\;` `\\` and old exports' `\:` the character itself.

    A backslash before anything else, or at the end, stays as it is.
    """
    if "\\" not in value:
        return value
    return _ESCAPE.sub(_unescaped, value)


def _unescaped(found: re.Match[str]) -> str:
    char = found[1]
    if char in "nN":
        return "\n"
    return char if char in ',;:\\"' else found[0]


def split_escaped(value: str, separator: str) -> list[str]:
    """Split at separators that no backslash escapes, and unescape the parts."""
    if "\\" not in value:
        return value.split(separator)
    parts, start, position = [], 0, 0
    for piece in value.split(separator)[:-1]:
        position += len(piece)
        before = len(piece) - len(piece.rstrip("\\"))
        if before % 2 == 0:
            parts.append(value[start:position])
            start = position + 1
        position += 1
    parts.append(value[start:])
    return [unescape(part) for part in parts]
