"""Lines that stand out on a terminal: bold names and a few colours, and nothing of it elsewhere.

A styled line is a text like any other; only where it is printed on a terminal does it become more.
So no escape ever gets into a file, a pipe or JSON, and names carry none of their own.
"""

import os
from typing import Self, TextIO

CODES = {"bold": "1", "faint": "2", "near": "36", "while": "33"}
"""What a style is to a terminal (ECMA-48): colours of its own palette, which its user chose."""


class Styled(str):
    """A line in one of the styles."""

    __slots__ = ("style",)

    def __new__(cls, text: str, style: str) -> Self:
        """The line, to be shown so."""
        line = super().__new__(cls, text)
        line.style = style
        return line

    style: str


def bold(text: str) -> Styled:
    """A line that one's eye is to find."""
    return Styled(text, "bold")


def is_coloured(stream: TextIO) -> bool:
    """Whether what goes there may be styled: a terminal that can, and nobody said no (NO_COLOR)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def painted(text: str, style: str) -> str:
    """A harmless text as a terminal shows it in this style."""
    return f"\x1b[{CODES[style]}m{text}\x1b[0m"
