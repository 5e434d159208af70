"""A file of vCards → its cards, piecewise, whatever stands between them.

What lacks its END is closed by the next BEGIN or the end of the file; what is too long is a
Reject; what is no card is named. Nothing here looks into a card.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from connectors.charsets import chunks
from connectors.contract import Reject

MAX_CARD_BYTES = 8 << 20
MAX_AGENT_DEPTH = 8
SAMPLE_BYTES = 4096
"""How much of something unreadable is kept."""

_BEGIN = re.compile(rb"\n(?:\xef\xbb\xbf)?(?i:BEGIN)[ \t]*:[ \t]*(?i:VCARD)[ \t]*(?=[\r\n]|\Z)")
# One character that can be searched for, then a set that rules out folds: fast through a photo.
_BORDER = re.compile(
    rb"\n(?=[BbEe\xef])(?:\xef\xbb\xbf)?((?i:BEGIN|END))[ \t]*:[ \t]*(?i:VCARD)[ \t]*"
    rb"(?=[\r\n]|\Z)"
)
_AGENT = re.compile(rb"[\r\n](?:[\w-]+\.)?AGENT[^\r\n:]*:[ \t\r\n]*\Z", re.IGNORECASE)
_STRAY = re.compile(rb"END[ \t]*:[ \t]*VCARD(?=\s|\Z)\s*", re.IGNORECASE)
_LONGEST_BORDER = 256


@dataclass(frozen=True, slots=True)
class RawCard:
    """One card as it stands in its file, from BEGIN to END.

    `position` is its number in the file, from 1. `is_closed`: it had an END of its own.
    """

    body: bytes
    position: int
    is_closed: bool = True


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
