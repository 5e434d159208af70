"""How somebody is reached, read from a vCard and written into one: EMAIL, TEL, URL, IMPP, ADR."""

import re

from connectors.content_lines import split_escaped, unescape
from connectors.contract import Contact, ContactPoint
from connectors.messenger_handles import handle
from connectors.vcard.contact_builder import ADDRESS_PARTS, ContactBuilder
from connectors.vcard.property_head import PropertyHead
from connectors.vcard.property_makers import CardProperty, WriteProperty, beyond
from connectors.vcard.written_lines import CardLines

_ANGLE_ADDRESS = re.compile(r"<\s*([^<>\s@]+@[^<>\s]+)\s*>")
_MAILTO = re.compile(r"\A(?:\s*mailto:)+", re.IGNORECASE)
_TEL = re.compile(r"(?:\s*tel:)+", re.IGNORECASE)


def _writes(name: str, field: str) -> WriteProperty:
    """The points of a field, each with its label and whether it is the preferred one."""

    def write(lines: CardLines, contact: Contact) -> None:
        preferred = ["PREF", "1"] if lines.is_4 else ["TYPE", "pref"]
        points: tuple[ContactPoint, ...] = getattr(contact, field)
        for point in points:
            params = [preferred] if point.is_preferred else []
            value = lines.escape(point.value)
            if point.extension:
                value = f"tel:{value};ext={lines.escape(point.extension)}"
                params = [["VALUE", "uri"], *params]
            lines.add_labelled(name, value, point.label, params)

    return write


def _read_email(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    value = unescape(value).strip()
    if "<" in value and (found := _ANGLE_ADDRESS.search(value)):
        value = found[1]
    if ":" in value:
        value = _MAILTO.sub("", value).strip()
    if value:
        builder.emails.append((value, prop))


def _read_phone(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    value = unescape(value).strip()
    if ":" in value and (found := _TEL.match(value)):
        uri = value[found.end() :]
        value, *params = uri.split(";")
        value = value.strip()
        others = [param for param in params if not _take_extension(builder, param)]
        if others:
            builder.extra.append(("X-TEL-URI", uri))
    if value:
        builder.phones.append((value, prop))


def _take_extension(builder: ContactBuilder, param: str) -> bool:
    """`ext=102` among the parameters of a tel: URI (RFC 3966 section 3), for the phone to come."""
    name, _, text = param.partition("=")
    if name.strip().lower() != "ext" or not text.strip():
        return False
    builder.extensions[len(builder.phones)] = text.strip()
    return True


def _read_url(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    if value := unescape(value).strip():
        builder.urls.append((value, prop))


def _read_handle(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    value = unescape(value).strip()
    if value:
        builder.ims.append((handle(prop.service, value), prop))


def _read_address(builder: ContactBuilder, prop: PropertyHead, value: str) -> None:
    parts = [part.strip() for part in split_escaped(value, ";")]
    if any(parts):
        if more := beyond(parts, len(ADDRESS_PARTS)):
            builder.extra.append((prop.name, more))  # RFC 9554 section 2.1 has eighteen
        parts += [""] * (len(ADDRESS_PARTS) - len(parts))
        builder.add_address(parts, prop)


def _write_addresses(lines: CardLines, contact: Contact) -> None:
    for address in contact.addresses:
        parts = [getattr(address, part) for part in ADDRESS_PARTS]
        value = ";".join(lines.escape(part) for part in parts)
        lines.add_labelled("ADR", value, address.label, [])


CONTACT_POINTS = (
    CardProperty(("EMAIL",), _read_email, _writes("EMAIL", "emails")),
    CardProperty(("TEL",), _read_phone, _writes("TEL", "phones")),
    CardProperty(("URL",), _read_url, _writes("URL", "urls")),
    CardProperty(("IMPP", "X-SOCIALPROFILE"), _read_handle, _writes("IMPP", "ims")),
    CardProperty(("ADR",), _read_address, _write_addresses),
)
"""In the order in which they are written."""
