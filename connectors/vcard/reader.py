"""vCards 2.1, 3.0 and 4.0 as they really are: bytes → cards → content lines → Contact.

`split` cuts a file of any length into cards, `read` makes a Contact of one. Both are pure, run in
linear time and never raise on what a file holds: what cannot be read is a Reject, and one bad
card or line takes nothing else with it. Sources: RFC 2426, RFC 6350, and the exports of phones
and mail programs that keep to neither.
"""

import re
from typing import BinaryIO

from connectors.charsets import GUESSED, charset_named, chunks, decode_lines
from connectors.content_lines import MAX_CACHED_HEAD, numbered_lines, unfold, value_start
from connectors.contract import Contact, Reject
from connectors.vcard.contact_builder import MAX_TEXT, ContactBuilder
from connectors.vcard.line_reader import NO_NULS, known_meaning, meaning, take
from connectors.vcard.property_head import BORDERS, PropertyHead
from connectors.vcard.property_readers_and_writers import DAMAGED_PHOTO
from connectors.vcard.split_cards import MAX_CARD_BYTES, SAMPLE_BYTES, RawCard, split

__all__ = [
    "MAX_CARD_BYTES",
    "MEDIA_TYPE",
    "RawCard",
    "agents",
    "file_charset",
    "is_empty",
    "read",
    "split",
]

MEDIA_TYPE = "text/vcard"

MAX_CARD_LINES = 20_000
MAX_WARNINGS = 50
MAX_CHARSET_BYTES = 64 << 20
"""So that the first page of the longest file comes soon."""

LARGE_CARD = 4096
"""Bytes from which on it pays to look for a photo."""

_PHOTO = re.compile(rb"\nPHOTO(?:;[^:\r\n]{0,200})?:")
_NEXT_LINE = re.compile(rb"\n[^ \t]")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")


def read(body: bytes, fallback_charset: str | None = None) -> tuple[Contact, list[Reject]]:
    """A card's Contact, and a warning for each line that could not be taken as it stands.

    `fallback_charset` is the codec named elsewhere in the card's file (`file_charset`). A card
    without any usable property gives a Contact that `is_empty`. Of a card within it (AGENT) only
    the name is in it; `agents` gives those cards.
    """
    builder, warnings = _read(body, fallback_charset)
    for agent in builder.agents:
        within, _ = _read(agent.encode("utf-8", "replace"), None)
        builder.add_relation(within.contact().full_name or "", "agent")
    return builder.contact(), warnings


def agents(body: bytes, fallback_charset: str | None = None) -> list[bytes]:
    """The cards within a card (AGENT, nested or inline), each as a card of its own in UTF-8."""
    if b"AGENT" not in body.upper():
        return []
    builder, _ = _read(body, fallback_charset, is_whole=True)
    return [agent.encode("utf-8", "replace") for agent in builder.agents]


def _read(
    body: bytes, fallback_charset: str | None, *, is_whole: bool = False
) -> tuple[ContactBuilder, list[Reject]]:
    """`is_whole`: photos are wanted as they are, not only whether there is one."""
    body = body.removeprefix(b"\xef\xbb\xbf")
    unfolded = unfold(body if is_whole else _with_short_photo(body))
    oddities: list[tuple[int, str]] = []
    guesses: dict[int, int] = {}
    try:
        text = unfolded.decode("utf-8")
    except UnicodeDecodeError:
        fallback_charset = charset_named(unfolded) or fallback_charset
        decoded = decode_lines(unfolded, fallback_charset)
        text = "\n".join([line.text for line in decoded])
        # One line with a guess stands for all: the same was guessed for each.
        problems = {line.problem: index for index, line in reversed(list(enumerate(decoded)))}
        oddities = [(index, problem) for problem, index in problems.items() if problem]
        if GUESSED in problems:
            guesses[problems[GUESSED]] = sum(line.problem == GUESSED for line in decoded)
    if "\0" in text:
        oddities.append((text[: text.index("\0")].count("\n"), NO_NULS))
        text = text.replace("\0", "")
    builder = ContactBuilder(fallback_charset)
    lines = text.split("\n")
    if len(lines) > MAX_CARD_LINES:
        oddities.append((MAX_CARD_LINES, f"more than {MAX_CARD_LINES:,} lines: the rest was left"))
    reader = _LineReader(builder)
    is_simple = '"' not in text and len(text) <= MAX_TEXT
    reader.take(lines[:MAX_CARD_LINES], is_simple=is_simple)
    reader.end_of_agent()
    oddities += reader.oddities
    return builder, _warnings(body, lines, oddities, guesses) if oddities else []


def _with_short_photo(body: bytes) -> bytes:
    """A photo of which only its being there matters need not be unfolded and decoded."""
    if len(body) < LARGE_CARD or not (photo := _PHOTO.search(body)):
        return body
    colon = photo.end() - 1
    if not (following := _NEXT_LINE.search(body, colon)):
        return body
    end, folds = following.start(), body.count(b"\n", colon, following.start())
    length = end - colon - 1 - folds * (3 if body[end - 1 : end] == b"\r" else 2)
    if end - colon < LARGE_CARD or (length - body.count(b"\r", end - 1, end)) % 4:
        return body
    return b"%b:AAAA%b" % (body[:colon], body[end:])


def is_empty(contact: Contact) -> bool:
    """Nothing in it names anybody, or says anything about them."""
    if contact.full_name:
        return False
    said = [(name, value) for name, value in contact.extra if value and name not in _SILENT]
    return not said and contact == Contact(
        uid=contact.uid,
        kind=contact.kind,
        revised_at=contact.revised_at,
        extra=contact.extra,
    )


_SILENT = frozenset({"PRODID", "SOURCE", "CLASS", "NAME"})
"""Properties about the card, not about a person."""


def file_charset(content: bytes | BinaryIO) -> str | None:
    """The first character set besides UTF-8 that a property names in the file's first 64 MB."""
    rest, left = b"", MAX_CHARSET_BYTES
    for chunk in chunks(content):
        if found := charset_named(rest + chunk):
            return found
        rest, left = chunk[-100:], left - len(chunk)
        if left <= 0:
            break
    return None


class _LineReader:
    """Takes the lines of a card into a builder and notes what is odd, with its index."""

    def __init__(self, builder: ContactBuilder) -> None:
        self._builder = builder
        self._depth = 0
        self._within: list[str] = []
        self._is_agent = False
        self._has_loose_base64 = False
        self.oddities: list[tuple[int, str]] = []

    def take(self, lines: list[str], *, is_simple: bool) -> None:
        """`is_simple`: no quotes, and no line so long or odd that it must be looked at first."""
        builder, meaning_of, longest = self._builder, known_meaning, MAX_CACHED_HEAD
        before: PropertyHead | None = None
        is_quick = is_simple
        for index, line in enumerate(lines):
            cut = line.find(":")
            if is_quick and 0 < cut < longest:
                prop, handler = meaning_of(line[:cut])
                if prop.is_plain:
                    handler(builder, prop, line[cut + 1 :])
                    if builder.problem:
                        self.oddities.append((index, builder.problem))
                        builder.problem = None
                    before = prop
                    continue
            before = self._take_carefully(index, line, before)
            is_quick = is_simple and self._depth < 2

    def _take_carefully(
        self, index: int, line: str, before: PropertyHead | None
    ) -> PropertyHead | None:
        cut = value_start(line)
        find = known_meaning if cut <= MAX_CACHED_HEAD else meaning
        prop, handler = find(line[: cut - 1] if cut else "")
        if not prop.name and self._depth > 1:
            self._within.append(line)
            return before
        if not prop.name:
            self._take_headless(index, line, before)
            return before
        if prop.name in BORDERS:
            self._take_border(index, prop, line[cut:], before)
        elif self._depth > 1:
            self._within.append(line)
        elif problem := take(self._builder, prop, handler, line[cut:]):
            self._builder.problem = None
            self.oddities.append((index, problem))
        return prop

    def _take_headless(self, index: int, line: str, before: PropertyHead | None) -> None:
        """Old exports do not indent base64: such a line belongs to the photo before it."""
        if not line or line.isspace():
            return
        if not (before and before.encoding == "b" and _BASE64.fullmatch(line)):
            self.oddities.append((index, "no property name and colon"))
        elif not self._has_loose_base64:
            self._has_loose_base64 = True
            if self.oddities and self.oddities[-1][1] == DAMAGED_PHOTO:
                self.oddities.pop()  # it only looked so without the rest
            self.oddities.append((index, "base64 that is not indented"))

    def _take_border(
        self, index: int, prop: PropertyHead, value: str, before: PropertyHead | None
    ) -> None:
        """Depth 1 is the card, what is deeper belongs to an AGENT."""
        if value.strip().upper() != "VCARD":
            self.oddities.append((index, f"{prop.name} of something else"))
        elif prop.name == "BEGIN":
            self._depth += 1
            if self._depth == 2:
                self._is_agent = before is not None and before.name == "AGENT"
            if self._depth > 1:
                self._within.append("BEGIN:VCARD")
            if self._depth == 2 and not self._is_agent:
                self.oddities.append((index, "a card inside the card was left out"))
        elif self._depth > 1:
            self._depth -= 1
            self._within.append("END:VCARD")
            if self._depth == 1:
                self.end_of_agent()
        elif self._depth:
            self._depth -= 1

    def end_of_agent(self) -> None:
        """What stood between is a card of its own."""
        if self._within and self._is_agent:
            self._builder.agents.append("\r\n".join([*self._within, ""]))
        self._within = []


def _warnings(
    body: bytes, lines: list[str], oddities: list[tuple[int, str]], guesses: dict[int, int]
) -> list[Reject]:
    """`guesses`: index → for how many lines a guess stands, where that is more than itself."""
    numbers = [number for number, _ in numbered_lines(body)]
    warnings = [
        Reject(
            reason,
            position=numbers[index] if index < len(numbers) else None,
            content=lines[index][:SAMPLE_BYTES].encode("utf-8", "replace"),
            is_warning=True,
            guessed=guesses.get(index, 1) if reason == GUESSED else 0,
        )
        for index, reason in oddities[:MAX_WARNINGS]
    ]
    if len(oddities) > MAX_WARNINGS:
        reason = f"{len(oddities) - MAX_WARNINGS:,} more lines that could not be read"
        warnings.append(Reject(reason, is_warning=True))
    return warnings
