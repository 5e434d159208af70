"""Contact → vCard 3.0 or 4.0 text; what is written reads back as the same Contact.

vobject folds and quotes the lines (RFC 2426, RFC 6350). What a version has no property for is
written as Apple's address book and Evolution do, so that other programs find it too.
"""

import base64
import re
from collections.abc import Iterable
from typing import Any, Literal

from connectors.contract import Address, CardKind, Contact, ContactPoint, PartialDate
from connectors.dates import write_card_date
from connectors.vcard.property_readers import EXTRA_NAME, EXTRA_PROPERTY, HANDLERS

Version = Literal["3.0", "4.0"]

_TYPE_WORD = re.compile(r"[a-z0-9-]+")
_NO_TYPES = frozenset({"pref", "internet", "voice"})
"""Types that the reader takes for noise: as a label they are written as one of the user's own."""

_NAME = re.compile(r"[A-Z0-9-]+")
_GEO = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?,[-+]?[0-9]+(\.[0-9]*)?")
_KINDS: dict[CardKind, str] = {
    "organization": "org",
    "group": "group",
    "location": "location",
    "unknown": "x-unknown",
}
_SECOND_VALUES = {
    "FN": "full_name",
    "TITLE": "title",
    "ROLE": "role",
    "NOTE": "note",
    "LANG": "language",
    "TZ": "time_zone",
}
"""Properties of one value: another one in `extra` is written as a second line of the same name."""


def write(contact: Contact, version: Version = "3.0", photo: bytes | None = None) -> str:
    """The card as text with CRLF line ends, ending with one.

    `photo` is a JPEG; a Contact knows only that there is one. A card must have FN: the name parts
    stand in for it, and a card without any name has an empty one.
    """
    lines = _Lines(version)
    _names(lines, contact)
    _reach(lines, contact)
    _work_and_dates(lines, contact)
    _rest(lines, contact)
    if photo is not None:
        encoded = base64.b64encode(photo).decode("ascii")
        if lines.is_4:
            lines.add_raw("PHOTO", f"data:image/jpeg;base64,{encoded}")
        else:
            lines.add_raw("PHOTO", encoded, [["ENCODING", "b"], ["TYPE", "JPEG"]])
    return lines.text()


class _Lines:
    """The content lines of one card, in order."""

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
        if parts is None:
            return
        text = self.escape(write_card_date(parts, is_extended=not self.is_4))
        self.add_raw(name, text, [["VALUE", "text"]] if parts.text is not None else [])


def _names(lines: _Lines, contact: Contact) -> None:
    parts = (contact.family, contact.given, contact.middle, contact.prefix, contact.suffix)
    spoken = (contact.prefix, contact.given, contact.middle, contact.family, contact.suffix)
    lines.add("UID", contact.uid)
    if contact.kind in _KINDS:
        name = "KIND" if lines.is_4 else "X-ADDRESSBOOKSERVER-KIND"
        lines.add(name, _KINDS[contact.kind])
    full_name = contact.full_name or " ".join(part for part in spoken if part)
    lines.add_raw("FN", lines.escape(full_name))
    if any(parts) or not lines.is_4:  # 3.0 demands N (RFC 2426 section 3.1.2)
        lines.add_parts("N", parts, ";")
    lines.add("X-PHONETIC-FIRST-NAME", contact.phonetic_given)
    lines.add("X-PHONETIC-LAST-NAME", contact.phonetic_family)
    if contact.nicknames:
        lines.add_parts("NICKNAME", contact.nicknames, ",")


def _reach(lines: _Lines, contact: Contact) -> None:
    points: tuple[tuple[str, tuple[ContactPoint, ...]], ...] = (
        ("EMAIL", contact.emails),
        ("TEL", contact.phones),
        ("URL", contact.urls),
        ("IMPP", contact.ims),
    )
    preferred = ["PREF", "1"] if lines.is_4 else ["TYPE", "pref"]
    for name, values in points:
        for point in values:
            params = [preferred] if point.is_preferred else []
            value = lines.escape(point.value)
            if point.extension:
                value = f"tel:{value};ext={lines.escape(point.extension)}"
                params = [["VALUE", "uri"], *params]
            lines.add_labelled(name, value, point.label, params)
    for address in contact.addresses:
        lines.add_labelled("ADR", _address(lines, address), address.label, [])


def _address(lines: _Lines, address: Address) -> str:
    parts = (
        address.po_box,
        address.extended,
        address.street,
        address.city,
        address.region,
        address.postal_code,
        address.country,
    )
    return ";".join(lines.escape(part) for part in parts)


def _work_and_dates(lines: _Lines, contact: Contact) -> None:
    if contact.organization or contact.department:
        parts = [contact.organization, contact.department]
        lines.add_parts("ORG", parts if contact.department else parts[:1], ";")
    lines.add("TITLE", contact.title)
    lines.add("ROLE", contact.role)
    lines.add_date("BDAY", contact.birthday)
    lines.add_date("ANNIVERSARY" if lines.is_4 else "X-ANNIVERSARY", contact.anniversary)
    lines.add_date("DEATHDATE" if lines.is_4 else "X-DEATHDATE", contact.death_date)
    if contact.first_met:
        lines.add_labelled("X-ABDATE", contact.first_met.isoformat(), "first met", [])


def _rest(lines: _Lines, contact: Contact) -> None:
    if contact.categories:
        lines.add_parts("CATEGORIES", contact.categories, ",")
    for member in contact.members:
        name = "MEMBER" if lines.is_4 else "X-ADDRESSBOOKSERVER-MEMBER"
        lines.add(name, member if ":" in member else f"urn:uuid:{member}")
    for related in contact.related:
        name, params = ("RELATED", [["VALUE", "text"]]) if lines.is_4 else ("X-ABRELATEDNAMES", [])
        lines.add_labelled(name, lines.escape(related.name), related.label, params)
    lines.add("NOTE", contact.note)
    lines.add("LANG", contact.language)
    lines.add("TZ", contact.time_zone)
    if contact.geo and _GEO.fullmatch(contact.geo):
        lines.add_raw("GEO", f"geo:{contact.geo}" if lines.is_4 else contact.geo.replace(",", ";"))
    elif contact.geo:
        lines.add_raw("GEO", lines.escape(contact.geo), [["VALUE", "text"]])
    lines.add("REV", contact.revised_at)
    for name, value in contact.extra:
        _extra(lines, contact, name, value)


def _extra(lines: _Lines, contact: Contact, name: str, value: str) -> None:
    """Under its own name where it would be read back so, else under one of ours."""
    field = _SECOND_VALUES.get(name)
    if field:
        reads_back = getattr(contact, field) not in (None, value)
    else:
        reads_back = name not in HANDLERS and bool(_NAME.fullmatch(name))
    if reads_back and value and not value.startswith("data:"):
        lines.add_raw(name, lines.escape(value))
    else:
        caret = name.replace("^", "^^").replace("\n", "^n").replace('"', "^'")
        lines.add_raw(EXTRA_PROPERTY, lines.escape(value), [[EXTRA_NAME, caret]])
