"""The properties of a vCard, each read into a Contact and written out of one in the same place.

PROPERTIES is the list; `contact_points` has those by which somebody is reached, and
`vendor_properties` what is only read. Reading takes the decoded, still escaped value. What has no
field of its own, and the second value of a field that holds one, goes to `extra`. What a version
has no property for is written as Apple's address book and Evolution do, so that other programs
find it too.
"""

import base64
import binascii
import re

from connectors.content_lines import split_escaped, unescape
from connectors.contract import CardKind, Contact
from connectors.vcard.contact_builder import ContactBuilder, ReadProperty, kept_as_text
from connectors.vcard.contact_points import CONTACT_POINTS
from connectors.vcard.property_head import PropertyHead
from connectors.vcard.property_makers import (
    CardProperty,
    beyond,
    date_property,
    list_property,
    text_property,
)
from connectors.vcard.vendor_properties import VENDOR_PROPERTIES
from connectors.vcard.written_lines import CardLines

DAMAGED_PHOTO = "the photo's base64 is damaged"
SHORT_PHOTO = 64

EXTRA_PROPERTY = "X-KITHBOOK-EXTRA"
"""How we write what came from elsewhere under a name that is no property's."""

EXTRA_NAME = "X-NAME"
"""Its parameter with that name."""

_NAME_FIELDS = ("family", "given", "middle", "prefix", "suffix")
_PROPERTY_NAME = re.compile(r"[A-Z0-9-]+")
_URN = re.compile(r"(?:\s*urn:uuid:)+", re.IGNORECASE)
_GEO = re.compile(
    r"(?:geo:)?\s*([-+]?[0-9]+(?:\.[0-9]*)?)\s*[;,]\s*([-+]?[0-9]+(?:\.[0-9]*)?)", re.IGNORECASE
)
_WHOLE_GEO = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?,[-+]?[0-9]+(\.[0-9]*)?")
_KINDS: dict[str, CardKind] = {
    "individual": "individual",
    "org": "organization",
    "organization": "organization",
    "group": "group",
    "location": "location",
}
_KIND_WORDS: dict[CardKind, str] = {
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


def _read_nothing(_builder: ContactBuilder, _prop: PropertyHead, _value: str) -> None:
    """VERSION and PROFILE say how a card is written, not who it is."""


# --- who it is ----------------------------------------------------------------------------


def _read_uid(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    builder.set_text("uid", _without_urn(unescape(value)), prop)


def _without_urn(value: str) -> str:
    found = _URN.match(value)
    return value[found.end() :].strip() if found else value.strip()


def _write_uid(lines: CardLines, contact: Contact) -> None:
    lines.add("UID", contact.uid)


def _read_kind(builder: ContactBuilder, _prop: PropertyHead, value: str) -> None:
    builder.kind = _KINDS.get(value.strip().lower(), "unknown")


def _write_kind(lines: CardLines, contact: Contact) -> None:
    if contact.kind in _KIND_WORDS:
        name = "KIND" if lines.is_4 else "X-ADDRESSBOOKSERVER-KIND"
        lines.add(name, _KIND_WORDS[contact.kind])


def _write_full_name(lines: CardLines, contact: Contact) -> None:
    """A card must have one: the parts stand in for it, and without any it is empty."""
    spoken = (contact.prefix, contact.given, contact.middle, contact.family, contact.suffix)
    full_name = contact.full_name or " ".join(part for part in spoken if part)
    lines.add_raw("FN", lines.escape(full_name))


def _read_name(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    parts = [part.strip() for part in split_escaped(value, ";")]
    if not any(parts):
        return
    texts = builder.texts
    if len(parts) > len(_NAME_FIELDS) and (more := beyond(parts, len(_NAME_FIELDS))):
        builder.extra.append((prop.name, more))  # RFC 9554 section 2.2 has seven
    if not texts.keys().isdisjoint(_NAME_FIELDS):
        builder.extra.append((prop.name, ";".join(parts)))
        return
    for field, part in zip(_NAME_FIELDS, parts, strict=False):
        if part:
            texts[field] = part


def _write_name(lines: CardLines, contact: Contact) -> None:
    parts = [getattr(contact, field) for field in _NAME_FIELDS]
    if any(parts) or not lines.is_4:  # 3.0 demands N (RFC 2426 section 3.1.2)
        lines.add_parts("N", parts, ";")


# --- work and people ----------------------------------------------------------------------


def _read_organization(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    parts = [part.strip() for part in split_escaped(value, ";")]
    department = "; ".join([part for part in parts[1:] if part])
    if not (parts[0] or department):
        return
    if "organization" in builder.texts or "department" in builder.texts:
        builder.extra.append((prop.name, ";".join(part for part in parts if part)))
        return
    if parts[0]:
        builder.texts["organization"] = parts[0]
    if department:
        builder.texts["department"] = department


def _write_organization(lines: CardLines, contact: Contact) -> None:
    if contact.organization or contact.department:
        parts = [contact.organization, contact.department]
        lines.add_parts("ORG", parts if contact.department else parts[:1], ";")


def _read_member(builder: ContactBuilder, _prop: PropertyHead, value: str) -> None:
    if value := _without_urn(unescape(value)):
        builder.members.append(value)


def _write_members(lines: CardLines, contact: Contact) -> None:
    name = "MEMBER" if lines.is_4 else "X-ADDRESSBOOKSERVER-MEMBER"
    for member in contact.members:
        lines.add(name, member if ":" in member else f"urn:uuid:{member}")


def _read_related(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    builder.add_relation(unescape(value).strip(), prop.label or "", prop.group)


def _write_related(lines: CardLines, contact: Contact) -> None:
    name, params = ("RELATED", [["VALUE", "text"]]) if lines.is_4 else ("X-ABRELATEDNAMES", [])
    for related in contact.related:
        lines.add_labelled(name, lines.escape(related.name), related.label, params)


# --- the rest -----------------------------------------------------------------------------


def _write_first_met(lines: CardLines, contact: Contact) -> None:
    """Read as any of Apple's dates, by its label: `vendor_properties`."""
    if contact.first_met:
        lines.add_labelled("X-ABDATE", contact.first_met.isoformat(), "first met", [])


def _read_geo(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    found = _GEO.fullmatch(value.strip())
    text = f"{found[1]},{found[2]}" if found else unescape(value).strip()
    if text and not found and not prop.is_text:
        builder.problem = kept_as_text(prop, text, "position")
    builder.set_text("geo", text, prop)


def _write_geo(lines: CardLines, contact: Contact) -> None:
    if contact.geo and _WHOLE_GEO.fullmatch(contact.geo):
        lines.add_raw("GEO", f"geo:{contact.geo}" if lines.is_4 else contact.geo.replace(",", ";"))
    elif contact.geo:
        lines.add_raw("GEO", lines.escape(contact.geo), [["VALUE", "text"]])


def read_photo(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    """Whether there is one; the body keeps the picture."""
    if not value or value.isspace():
        return
    builder.has_photo = True
    # Whole groups of four are taken for sound; to look at each photo would cost too much.
    if prop.encoding == "b" and (len(value) % 4 or len(value) < SHORT_PHOTO):
        start = value.find(",") + 1 if value.startswith("data:") else 0
        try:
            is_sound = bool(binascii.a2b_base64(value[start:].encode("ascii", "replace")))
        except binascii.Error:
            is_sound = False
        if not is_sound:
            builder.problem = DAMAGED_PHOTO


def write_photo(lines: CardLines, jpeg: bytes) -> None:
    """A picture; a Contact knows only that there is one."""
    encoded = base64.b64encode(jpeg).decode("ascii")
    if lines.is_4:
        lines.add_raw("PHOTO", f"data:image/jpeg;base64,{encoded}")
    else:
        lines.add_raw("PHOTO", encoded, [["ENCODING", "b"], ["TYPE", "JPEG"]])


def _read_extra(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    builder.extra.append((prop.extra_name, unescape(value)))


def _write_extra(lines: CardLines, contact: Contact) -> None:
    for name, value in contact.extra:
        _write_one_extra(lines, contact, name, value)


def _write_one_extra(lines: CardLines, contact: Contact, name: str, value: str) -> None:
    """Under its own name where it would be read back so, else under one of ours."""
    field = _SECOND_VALUES.get(name)
    if field:
        reads_back = getattr(contact, field) not in (None, value)
    else:
        reads_back = name not in HANDLERS and bool(_PROPERTY_NAME.fullmatch(name))
    if reads_back and value and not value.startswith("data:"):
        lines.add_raw(name, lines.escape(value))
    else:
        caret = name.replace("^", "^^").replace("\n", "^n").replace('"', "^'")
        lines.add_raw(EXTRA_PROPERTY, lines.escape(value), [[EXTRA_NAME, caret]])


_FULL_NAME = text_property("full_name", "FN")

PROPERTIES = (
    CardProperty(("VERSION", "PROFILE"), _read_nothing),
    CardProperty(("UID",), _read_uid, _write_uid),
    CardProperty(("KIND", "X-ADDRESSBOOKSERVER-KIND"), _read_kind, _write_kind),
    CardProperty(_FULL_NAME.names, _FULL_NAME.read, _write_full_name),
    CardProperty(("N",), _read_name, _write_name),
    text_property("phonetic_given", "X-PHONETIC-FIRST-NAME"),
    text_property("phonetic_family", "X-PHONETIC-LAST-NAME"),
    list_property("nicknames", "NICKNAME", "X-NICKNAME"),
    *CONTACT_POINTS,
    CardProperty(("ORG",), _read_organization, _write_organization),
    text_property("title", "TITLE"),
    text_property("role", "ROLE"),
    date_property("birthday", "BDAY"),
    date_property("anniversary", "ANNIVERSARY", "X-ANNIVERSARY"),
    date_property("death_date", "DEATHDATE", "X-DEATHDATE"),
    CardProperty(("X-ABDATE",), VENDOR_PROPERTIES["X-ABDATE"], _write_first_met),
    list_property("categories", "CATEGORIES"),
    CardProperty(("MEMBER", "X-ADDRESSBOOKSERVER-MEMBER"), _read_member, _write_members),
    CardProperty(("RELATED", "X-ABRELATEDNAMES"), _read_related, _write_related),
    text_property("note", "NOTE"),
    text_property("language", "LANG", "LANGUAGE"),
    text_property("time_zone", "TZ"),
    CardProperty(("GEO",), _read_geo, _write_geo),
    text_property("revised_at", "REV"),
    CardProperty((EXTRA_PROPERTY,), _read_extra, _write_extra),
    CardProperty(("PHOTO",), read_photo),
)
"""In the order in which they are written."""

HANDLERS: dict[str, ReadProperty] = {
    **VENDOR_PROPERTIES,
    **{name: one.read for one in PROPERTIES for name in one.names},
}
"""Name of a property → what reads it."""
