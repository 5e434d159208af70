"""The content lines of a vCard as written (RFC 2426, RFC 6350); vobject folds and quotes them."""

import re
from collections.abc import Iterable
from typing import Any, Literal

from connectors.contract import PartialDate
from connectors.dates import write_card_date

Version = Literal["3.0", "4.0"]

_TYPE_WORD = re.compile(r"[a-z0-9-]+")
_NO_TYPES = frozenset({"pref", "internet", "voice"})
"""Types that the reader takes for noise: as a label they are written as one of the user's own."""


class CardLines:
    """The content lines of one card, in order.

    `is_4`: the card is of version 4.0, else of 3.0. `escape` makes a TEXT value of a text.
    """

    def __init__(self, version: Version) -> None:
        # Slow to import, and only needed where cards are written.
        from vobject.base import ContentLine, backslashEscape

        self._line = ContentLine
        self.escape = backslashEscape
        self.is_4 = version == "4.0"
        self._lines: list[str] = []
        self._groups = 0
        self.add_raw("VERSION", version)

    def text(self) -> str:
        """The whole card with CRLF line ends, ending with one."""
        return "BEGIN:VCARD\r\n" + "".join(self._lines) + "END:VCARD\r\n"

    def add_raw(
        self, name: str, value: str, params: Iterable[list[str]] = (), group: str | None = None
    ) -> None:
        """A line whose value is escaped already."""
        line: Any = self._line(name, list(params), value, group, encoded=True)
        self._lines.append(str(line.serialize()))

    def add(self, name: str, text: str | None) -> None:
        """A text, where there is one."""
        if text:
            self.add_raw(name, self.escape(text))

    def add_parts(self, name: str, parts: Iterable[str | None], separator: str) -> None:
        """A structured value (`;`) or a list (`,`)."""
        self.add_raw(name, separator.join(self.escape(part or "") for part in parts))

    def add_labelled(
        self, name: str, value: str, label: str | None, params: list[list[str]]
    ) -> None:
        """With its label as a type where it is one, else as Apple's label of a group."""
        words = (label or "").split(" ")
        if not label:
            self.add_raw(name, value, params)
        elif (
            all(_TYPE_WORD.fullmatch(word) for word in words)
            and len(set(words)) == len(words)
            and not _NO_TYPES & set(words)
        ):
            self.add_raw(name, value, [["TYPE", *words], *params])
        else:
            self._groups += 1
            group = f"item{self._groups}"
            self.add_raw(name, value, params, group)
            self.add_raw("X-ABLabel", self.escape(label), group=group)

    def add_date(self, name: str, parts: PartialDate | None) -> None:
        """A date as far as it is known, where there is one."""
        if parts is None:
            return
        text = self.escape(write_card_date(parts, is_extended=not self.is_4))
        self.add_raw(name, text, [["VALUE", "text"]] if parts.text is not None else [])
