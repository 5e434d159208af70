"""vCards 2.1, 3.0 and 4.0 as they really are: bytes → cards → content lines → Contact.

`split` cuts a file of any length into cards, `read` makes a Contact of one. Both are pure, run in
linear time and never raise on what a file holds: what cannot be read is a Reject, and one bad
card or line takes nothing else with it. Sources: RFC 2426, RFC 6350, and the exports of phones
and mail programs that keep to neither.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from connectors.content_lines import MAX_CACHED_HEAD, numbered_lines, unescape, unfold, value_start
from connectors.vcard_draft import Draft
from connectors.vcard_fields import MAX_TEXT, NO_NULS, known_meaning, meaning, take
from connectors.vcard_property import BORDERS, Property
from connectors.vcard_text import charset_named, chunks, decode_lines
from pipeline.records import Contact, Reject

MAX_CARD_BYTES = 8 << 20
MAX_CARD_LINES = 20_000
MAX_AGENT_DEPTH = 8
MAX_WARNINGS = 50
LARGE_CARD = 4096
SAMPLE_BYTES = 4096
"""How much of something unreadable is kept."""

MEDIA_TYPE = "text/vcard"

_BEGIN = re.compile(rb"\n(?:\xef\xbb\xbf)?(?i:BEGIN)[ \t]*:[ \t]*(?i:VCARD)[ \t]*(?=[\r\n]|\Z)")
# One character that can be searched for, then a set that rules out folds: fast through a photo.
_BORDER = re.compile(
    rb"\n(?=[BbEe\xef])(?:\xef\xbb\xbf)?((?i:BEGIN|END))[ \t]*:[ \t]*(?i:VCARD)[ \t]*"
    rb"(?=[\r\n]|\Z)"
)
_AGENT = re.compile(rb"[\r\n](?:[\w-]+\.)?AGENT[^\r\n:]*:[ \t\r\n]*\Z", re.IGNORECASE)
_STRAY = re.compile(rb"END[ \t]*:[ \t]*VCARD(?=\s|\Z)\s*", re.IGNORECASE)
_LONGEST_BORDER = 256
_NEXT_LINE = re.compile(rb"\n[^ \t]")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")


@dataclass(frozen=True, slots=True)
class RawCard:
    """One card as it stands in its file, from BEGIN to END.

    `position` is its number in the file, from 1. `is_closed`: it had an END of its own.
    """

    body: bytes
    position: int
    is_closed: bool = True


# --- a file → cards -----------------------------------------------------------------------


def split(content: bytes | BinaryIO) -> Iterator[RawCard | Reject]:
    """The cards of a file in their order, and a Reject for each thing that is none.

    Reads a stream piecewise: memory is bounded by MAX_CARD_BYTES. UTF-16 comes out as UTF-8. A new
    BEGIN or the end of the file closes a card that lacks its END; the card after AGENT is a part
    of the card around it.
    """
    return _Scanner(chunks(content)).cards()


class _Scanner:
    """A window on the file, always beginning with a line end so that a border has one before."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source = source
        self._window = b"\n"
        self._at = 0
        self._is_end = False
        self._position = 0
        self._outside = 0
        self._sample = b""

    def cards(self) -> Iterator[RawCard | Reject]:
        while self._seek_begin():
            yield from self._outside_text()
            self._position += 1
            yield self._card()
        yield from self._outside_text()

    def _fill(self) -> None:
        """Forget what is behind us and read on."""
        chunk = next(self._source, b"")
        self._is_end = not chunk
        self._window = self._window[self._at :] + chunk
        self._at = 0

    def _seek_begin(self) -> bool:
        """Go to the line end before the next BEGIN; what lies between is outside of any card."""
        while True:
            if self._window.startswith((b"\nBEGIN:VCARD\r\n", b"\nBEGIN:VCARD\n"), self._at):
                return True
            found = _BEGIN.search(self._window, self._at)
            if found and (found.end() < len(self._window) or self._is_end):
                self._pass(found.start())
                return True
            if self._is_end:
                self._pass(len(self._window))
                return False
            self._pass(found.start() if found else len(self._window) - _LONGEST_BORDER)
            self._fill()

    def _pass(self, end: int) -> None:
        if end > self._at:
            self._outside += end - self._at
            if len(self._sample) < SAMPLE_BYTES:
                self._sample += self._window[self._at : min(end, self._at + SAMPLE_BYTES)]
            self._at = end

    def _outside_text(self) -> Iterator[Reject]:
        if self._outside:
            sample = _STRAY.sub(b"", self._sample[:SAMPLE_BYTES]).strip(b"\xef\xbb\xbf\x1a \t\r\n")
            if sample:
                reason = f"{self._outside:,} bytes outside of any card"
                yield Reject(reason, content=sample, is_warning=True)
            self._outside, self._sample = 0, b""

    def _card(self) -> RawCard | Reject:
        """The card that begins here, leaving us at the line end before what follows it."""
        while True:
            end = self._end()
            if end or len(self._window) - self._at > MAX_CARD_BYTES:
                break
            self._fill()
        start = self._at + 1
        if end is None or end[0] - start > MAX_CARD_BYTES:
            return self._too_long(start)
        stop, is_closed = end
        self._at = stop
        return RawCard(self._window[start:stop], self._position, is_closed)

    def _end(self) -> tuple[int, bool] | None:
        """Where the card ends and whether by an END of its own; None when it is not in sight."""
        depth, search_at = 0, self._at + 1
        while found := _BORDER.search(self._window, search_at):
            if found.end() == len(self._window) and not self._is_end:
                return None
            if found[1].upper() == b"BEGIN":
                before = self._window[max(self._at, found.start() - 200) : found.start() + 1]
                if depth >= MAX_AGENT_DEPTH or not _AGENT.search(before):
                    return found.start(), False
                depth += 1
            elif depth:
                depth -= 1
            else:
                return found.end(), True
            search_at = found.end()
        return (len(self._window), False) if self._is_end else None

    def _too_long(self, start: int) -> Reject:
        sample = self._window[start : start + SAMPLE_BYTES]
        self._at = start
        found = _BORDER.search(self._window, self._at)
        while not self._is_end and not (found and found.end() < len(self._window)):
            self._at = max(self._at, len(self._window) - _LONGEST_BORDER)
            self._fill()
            found = _BORDER.search(self._window, self._at)
        if found:
            self._at = found.start() if found[1].upper() == b"BEGIN" else found.end()
        else:
            self._at = len(self._window)
        limit = MAX_CARD_BYTES >> 20
        return Reject(f"a card of more than {limit} MB", position=self._position, content=sample)


# --- a card → a Contact -------------------------------------------------------------------


def read(body: bytes, fallback_charset: str | None = None) -> tuple[Contact, list[Reject]]:
    """A card's Contact, and a warning for each line that could not be taken as it stands.

    `fallback_charset` is the codec named elsewhere in the card's file (`file_charset`). A card
    without any usable property gives a Contact that `is_empty`.
    """
    unfolded = unfold(_with_short_photo(body.removeprefix(b"\xef\xbb\xbf")))
    oddities: list[tuple[int, str]] = []
    try:
        text = unfolded.decode("utf-8")
    except UnicodeDecodeError:
        fallback_charset = charset_named(unfolded) or fallback_charset
        decoded = decode_lines(unfolded, fallback_charset)
        text = "\n".join([line.text for line in decoded])
        # One line with a guess stands for all: the same was guessed for each.
        problems = {line.problem: index for index, line in reversed(list(enumerate(decoded)))}
        oddities = [(index, problem) for problem, index in problems.items() if problem]
    if "\0" in text:
        oddities.append((text[: text.index("\0")].count("\n"), NO_NULS))
        text = text.replace("\0", "")
    draft = Draft(fallback_charset)
    lines = text.split("\n")
    if len(lines) > MAX_CARD_LINES:
        oddities.append((MAX_CARD_LINES, f"more than {MAX_CARD_LINES:,} lines: the rest was left"))
    reader = _LineReader(draft)
    is_simple = '"' not in text and len(text) <= MAX_TEXT
    reader.take(lines[:MAX_CARD_LINES], is_simple=is_simple)
    oddities += reader.oddities
    return draft.contact(), _warnings(body, lines, oddities) if oddities else []


def _with_short_photo(body: bytes) -> bytes:
    """A photo of which only its being there matters need not be unfolded and decoded."""
    if len(body) < LARGE_CARD or (start := body.find(b"\nPHOTO")) < 0:
        return body
    colon = body.find(b":", start)
    if not (following := _NEXT_LINE.search(body, colon)) or colon - start > LARGE_CARD:
        return body
    end, folds = following.start(), body.count(b"\n", colon, following.start())
    length = end - colon - 1 - folds * (3 if body[end - 1 : end] == b"\r" else 2)
    if end - colon < LARGE_CARD or (length - body.count(b"\r", end - 1, end)) % 4:
        return body
    return b"%b:AAAA%b" % (body[:colon], body[end:])


def is_empty(contact: Contact) -> bool:
    """Nothing in it names anybody, or says anything about them."""
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
    """The first character set besides UTF-8 that any property of a file names."""
    rest = b""
    for chunk in chunks(content):
        if found := charset_named(rest + chunk):
            return found
        rest = chunk[-600:]
    return None


class _LineReader:
    """Takes the lines of a card into a draft and notes what is odd, with its index."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._depth = 0
        self._has_loose_base64 = False
        self.oddities: list[tuple[int, str]] = []

    def take(self, lines: list[str], *, is_simple: bool) -> None:
        """`is_simple`: no quotes, and no line so long or odd that it must be looked at first."""
        draft = self._draft
        before: Property | None = None
        for index, line in enumerate(lines):
            cut = line.find(":")
            if is_simple and 0 < cut < MAX_CACHED_HEAD:
                prop, handler = known_meaning(line[:cut])
                if prop.is_plain and self._depth < 2:
                    handler(draft, prop, line[cut + 1 :])
                    before = prop
                    continue
            before = self._take_carefully(index, line, before)

    def _take_carefully(self, index: int, line: str, before: Property | None) -> Property | None:
        cut = value_start(line)
        find = known_meaning if cut <= MAX_CACHED_HEAD else meaning
        prop, handler = find(line[: cut - 1] if cut else "")
        if not prop.name:
            self._take_headless(index, line, before)
            return before
        if prop.name in BORDERS:
            self._take_border(index, prop, line[cut:], before)
        elif self._depth > 1:
            self._draft.take_of_agent(prop.name, unescape(line[cut:]))
        elif problem := take(self._draft, prop, handler, line[cut:]):
            self.oddities.append((index, problem))
        return prop

    def _take_headless(self, index: int, line: str, before: Property | None) -> None:
        """Old exports do not indent base64: such a line belongs to the photo before it."""
        if not line or line.isspace():
            return
        if not (before and before.encoding == "b" and _BASE64.fullmatch(line)):
            self.oddities.append((index, "no property name and colon"))
        elif not self._has_loose_base64:
            self._has_loose_base64 = True
            self.oddities.append((index, "base64 that is not indented"))

    def _take_border(self, index: int, prop: Property, value: str, before: Property | None) -> None:
        """Depth 1 is the card, what is deeper belongs to an AGENT."""
        if value.strip().upper() != "VCARD":
            self.oddities.append((index, f"{prop.name} of something else"))
        elif prop.name == "BEGIN":
            self._depth += 1
            if self._depth > 1 and not (before and before.name == "AGENT"):
                self.oddities.append((index, "a card inside the card was left out"))
        elif self._depth:
            self._depth -= 1


def _warnings(body: bytes, lines: list[str], oddities: list[tuple[int, str]]) -> list[Reject]:
    numbers = [number for number, _ in numbered_lines(body)]
    warnings = [
        Reject(
            reason,
            position=numbers[index] if index < len(numbers) else None,
            content=lines[index][:SAMPLE_BYTES].encode("utf-8", "replace"),
            is_warning=True,
        )
        for index, reason in oddities[:MAX_WARNINGS]
    ]
    if len(oddities) > MAX_WARNINGS:
        reason = f"{len(oddities) - MAX_WARNINGS:,} more lines that could not be read"
        warnings.append(Reject(reason, is_warning=True))
    return warnings
