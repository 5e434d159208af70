"""How far an import has come, on a terminal: items, items a second, time left."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from pipeline.sync.pull_outcome import Outcome

MARKS = (b"BEGIN:VCARD", b"BEGIN:VEVENT", b"\ndn:")
"""What begins an item, whichever of them a file is full of; a CSV has one a line."""

BLOCK = 1 << 20
EVERY_SECONDS = 0.2


class Progress:
    """Prints one line again and again to stderr, if that is a terminal."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._shows = sys.stderr.isatty()
        self._expected = sum(count_items(path) for path in paths) if self._shows else 0
        self._began = time.monotonic()
        self._last = 0.0
        self._done: dict[str, int] = {}

    def page(self, outcome: Outcome) -> None:
        """A page of a source was written down."""
        if not self._shows or time.monotonic() - self._last < EVERY_SECONDS:
            return
        self._last = time.monotonic()
        self._done[outcome.source] = outcome.changed + outcome.unchanged + outcome.rejected
        done = sum(self._done.values())
        rate = done / max(time.monotonic() - self._began, 0.001)
        left = max(self._expected - done, 0) / rate if rate else None
        parts = [
            f"{done:,} of about {max(self._expected, done):,}",
            f"{rate:,.0f}/s",
            *([] if left is None else [f"about {left:,.0f} s left"]),
        ]
        sys.stderr.write(f"\r{' · '.join(parts)} \x1b[K")
        sys.stderr.flush()

    def end(self) -> None:
        """Clear the line."""
        if self._shows:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def count_items(path: Path) -> int:
    """About how many items a file has; 0 for a folder or what cannot be opened now."""
    if not path.is_file() or not os.access(path, os.R_OK):
        return 0
    counts = dict.fromkeys((*MARKS, b"\n"), 0)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            upper = block.upper()
            for mark in counts:
                counts[mark] += upper.count(mark.upper())
    return max(counts[mark] for mark in MARKS) or counts[b"\n"]
