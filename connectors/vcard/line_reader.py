"""One line of a vCard: what its head means, its value decoded, and both taken into a Contact."""

import binascii
from functools import lru_cache

from connectors.charsets import decode, decode_escapes, decode_quoted_printable
from connectors.content_lines import unescape
from connectors.vcard.contact_builder import MAX_TEXT, ContactBuilder, ReadProperty
from connectors.vcard.property_head import BORDERS, PropertyHead
from connectors.vcard.property_readers_and_writers import HANDLERS, read_photo
from connectors.vcard.vendor_properties import read_sound

NO_NULS = "NUL characters were left out"

_PLAIN_NAMES = {
    **dict.fromkeys(("TEL", "PHONE", "TELEPHONE", "MOBILE", "CELL"), "TEL"),
    **dict.fromkeys(("EMAIL", "MAIL"), "EMAIL"),
    **dict.fromkeys(("URL", "WEBSITE"), "URL"),
}
"""How programs that have read no RFC call properties, also as the first half of a name."""
_REGISTERED = frozenset(
    {
        *("SOURCE", "NAME", "XML", "CLASS", "MAILER", "LABEL", "LOGO", "SOUND", "KEY", "GENDER"),
        *("CALURI", "CALADRURI", "FBURL", "CLIENTPIDMAP", "PRODID", "BIRTHPLACE", "DEATHPLACE"),
        *("EXPERTISE", "HOBBY", "INTEREST", "CREATED", "GRAMGENDER", "PRONOUNS", "SOCIALPROFILE"),
        *("JSPROP", "CAPURI"),
    }
)
"""Properties of RFC 2426, 6350 and their extensions that have no field of ours."""


def meaning(head: str) -> tuple[PropertyHead, ReadProperty]:
    """What a head says and what takes its value."""
    prop = PropertyHead(head)
    handler = HANDLERS.get(prop.name)
    if handler is None and (name := _PLAIN_NAMES.get(prop.name)):
        prop.name = name
    elif handler is None and (name := _PLAIN_NAMES.get(prop.group.upper())):
        # `PHONE.WORK`: what should be a group is the property, and its name the label.
        prop.rename(name, prop.name.lower())
    elif handler is None:
        handler = ContactBuilder.keep if is_registered(prop.name) else _unknown
    return prop, handler or HANDLERS[prop.name]


def is_registered(name: str) -> bool:
    """Whether a property stands in an RFC, or is somebody's own by its name (X-…, VND-…)."""
    return name in _REGISTERED or name in BORDERS or not name or not name.isalpha()


known_meaning = lru_cache(maxsize=8192)(meaning)
"""The same for heads that repeat, as nearly all do: for short ones only."""


def take(
    builder: ContactBuilder, prop: PropertyHead, handler: ReadProperty, value: str
) -> str | None:
    """Put one property into the builder; the reason when it could not be read as it stands."""
    builder.problem = None
    if not prop.is_plain:
        value = _decoded(builder, prop, value, handler)
        if prop.alternative and builder.is_alternative(prop):
            handler = _alternative
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in value:
        builder.problem = NO_NULS
        value = value.replace("\0", "")
    if len(value) > MAX_TEXT and handler not in _BINARY_HANDLERS:
        builder.problem = f"{len(value):,} characters: the first {MAX_TEXT:,} were taken"
        value = value[:MAX_TEXT]
    handler(builder, prop, value)
    return builder.problem


def _decoded(builder: ContactBuilder, prop: PropertyHead, value: str, handler: ReadProperty) -> str:
    if prop.encoding == "q":
        decoded = decode_quoted_printable(value, prop.charset, builder.fallback_charset)
        builder.problem = decoded.problem
        return decoded.text
    if prop.encoding == "b":
        return value if handler in _BINARY_HANDLERS else _base64_text(builder, value)
    if "\x1b" in value:
        return decode_escapes(value, prop.charset)
    return value


def _base64_text(builder: ContactBuilder, value: str) -> str:
    """RFC 2426 lets any text be written in base64."""
    try:
        content = binascii.a2b_base64(value)
    except ValueError:  # binascii.Error is one too
        content = b""
    if not content and not value.isspace():
        builder.problem = "no base64 in spite of its ENCODING: taken as text"
        return value
    decoded = decode(content, None, builder.fallback_charset)
    builder.problem = decoded.problem
    return decoded.text


def _unknown(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    builder.keep(prop, value)
    builder.problem = f"{prop.name} is not a property of a vCard: it is kept as it is"


def _alternative(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    """Another form of a value that was taken."""
    if text := unescape(value).strip():
        builder.extra.append((prop.name, text))


_BINARY_HANDLERS = frozenset({read_photo, ContactBuilder.keep, read_sound})
