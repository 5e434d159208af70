"""The properties of a vCard → the fields of a Contact: one line of HANDLERS a property.

A handler takes the decoded, still escaped value. What has no field of its own, and the second
value of a field that holds one, goes to `extra`.
"""

import binascii
import re
from functools import lru_cache

from connectors.charsets import decode, decode_escapes, decode_quoted_printable
from connectors.content_lines import split_escaped, unescape
from connectors.contract import CardKind
from connectors.messenger_handles import handle
from connectors.vcard.contact_builder import MAX_TEXT, Draft, Handler, kept_as_text
from connectors.vcard.property_head import BORDERS, Property
from connectors.vcard.vendor_properties import DIALECTS, read_sound

DAMAGED_PHOTO = "the photo's base64 is damaged"
NO_NULS = "NUL characters were left out"

EXTRA_PROPERTY = "X-KITHBOOK-EXTRA"
"""How `vcard_write` writes what came from elsewhere under a name that is no property's."""

EXTRA_NAME = "X-NAME"
"""Its parameter with that name."""

_ANGLE_ADDRESS = re.compile(r"<\s*([^<>\s@]+@[^<>\s]+)\s*>")
_GEO = re.compile(
    r"(?:geo:)?\s*([-+]?[0-9]+(?:\.[0-9]*)?)\s*[;,]\s*([-+]?[0-9]+(?:\.[0-9]*)?)", re.IGNORECASE
)
_URN = re.compile(r"(?:\s*urn:uuid:)+", re.IGNORECASE)
_MAILTO = re.compile(r"\A(?:\s*mailto:)+", re.IGNORECASE)
_TEL = re.compile(r"(?:\s*tel:)+", re.IGNORECASE)
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
ADDRESS_PARTS = 7
SHORT_PHOTO = 64
_NAME_FIELDS = ("family", "given", "middle", "prefix", "suffix")
_KINDS: dict[str, CardKind] = {
    "individual": "individual",
    "org": "organization",
    "organization": "organization",
    "group": "group",
    "location": "location",
}


def meaning(head: str) -> tuple[Property, Handler]:
    """What a head says and what takes its value."""
    prop = Property(head)
    handler = HANDLERS.get(prop.name)
    if handler is None and (name := _PLAIN_NAMES.get(prop.name)):
        prop.name = name
    elif handler is None and (name := _PLAIN_NAMES.get(prop.group.upper())):
        # `PHONE.WORK`: what should be a group is the property, and its name the label.
        prop.rename(name, prop.name.lower())
    elif handler is None:
        handler = Draft.keep if is_registered(prop.name) else _unknown
    return prop, handler or HANDLERS[prop.name]


def is_registered(name: str) -> bool:
    """Whether a property stands in an RFC, or is somebody's own by its name (X-…, VND-…)."""
    return name in _REGISTERED or name in BORDERS or not name or not name.isalpha()


known_meaning = lru_cache(maxsize=8192)(meaning)
"""The same for heads that repeat, as nearly all do: for short ones only."""


def take(draft: Draft, prop: Property, handler: Handler, value: str) -> str | None:
    """Put one property into the draft; the reason when it could not be read as it stands."""
    draft.problem = None
    if not prop.is_plain:
        value = _decoded(draft, prop, value, handler)
        if prop.alternative and draft.is_alternative(prop):
            handler = _alternative
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in value:
        draft.problem = NO_NULS
        value = value.replace("\0", "")
    if len(value) > MAX_TEXT and handler not in _BINARY_HANDLERS:
        draft.problem = f"{len(value):,} characters: the first {MAX_TEXT:,} were taken"
        value = value[:MAX_TEXT]
    handler(draft, prop, value)
    return draft.problem


def _decoded(draft: Draft, prop: Property, value: str, handler: Handler) -> str:
    if prop.encoding == "q":
        decoded = decode_quoted_printable(value, prop.charset, draft.fallback_charset)
        draft.problem = decoded.problem
        return decoded.text
    if prop.encoding == "b":
        return value if handler in _BINARY_HANDLERS else _base64_text(draft, value)
    if "\x1b" in value:
        return decode_escapes(value, prop.charset)
    return value


def _base64_text(draft: Draft, value: str) -> str:
    """RFC 2426 lets any text be written in base64."""
    try:
        content = binascii.a2b_base64(value)
    except ValueError:  # binascii.Error is one too
        content = b""
    if not content and not value.isspace():
        draft.problem = "no base64 in spite of its ENCODING: taken as text"
        return value
    decoded = decode(content, None, draft.fallback_charset)
    draft.problem = decoded.problem
    return decoded.text


# --- handlers -----------------------------------------------------------------------------


def _text(field: str) -> Handler:
    def handler(draft: Draft, prop: Property, value: str) -> None:
        if "\\" in value:  # asked here, not there: this is half of all properties
            value = unescape(value)
        text = value.strip()
        if text and draft.texts.setdefault(field, text) != text:
            draft.extra.append((prop.name, text))

    return handler


def _date(field: str) -> Handler:
    def handler(draft: Draft, prop: Property, value: str) -> None:
        draft.set_date(field, unescape(value), prop)

    return handler


def _named_extra(draft: Draft, prop: Property, value: str) -> None:
    draft.extra.append((prop.extra_name, unescape(value)))


def _unknown(draft: Draft, prop: Property, value: str) -> None:
    draft.keep(prop, value)
    draft.problem = f"{prop.name} is not a property of a vCard: it is kept as it is"


def _nothing(_draft: Draft, _prop: Property, _value: str) -> None:
    """VERSION and PROFILE say how a card is written, not who it is."""


def _alternative(draft: Draft, prop: Property, value: str) -> None:
    """Another form of a value that was taken."""
    if text := unescape(value).strip():
        draft.extra.append((prop.name, text))


def _name(draft: Draft, prop: Property, value: str) -> None:
    parts = [part.strip() for part in split_escaped(value, ";")]
    if not any(parts):
        return
    texts = draft.texts
    if len(parts) > len(_NAME_FIELDS) and (more := _more(parts, len(_NAME_FIELDS))):
        draft.extra.append((prop.name, more))  # RFC 9554 section 2.2 has seven
    if not texts.keys().isdisjoint(_NAME_FIELDS):
        draft.extra.append((prop.name, ";".join(parts)))
        return
    for field, part in zip(_NAME_FIELDS, parts, strict=False):
        if part:
            texts[field] = part


def _email(draft: Draft, prop: Property, value: str) -> None:
    value = unescape(value).strip()
    if "<" in value and (found := _ANGLE_ADDRESS.search(value)):
        value = found[1]
    if ":" in value:
        value = _MAILTO.sub("", value).strip()
    if value:
        draft.emails.append((value, prop))


def _phone(draft: Draft, prop: Property, value: str) -> None:
    value = unescape(value).strip()
    if ":" in value and (found := _TEL.match(value)):
        uri = value[found.end() :]
        value, *params = uri.split(";")
        value = value.strip()
        others = [param for param in params if not _take_extension(draft, param)]
        if others:
            draft.extra.append(("X-TEL-URI", uri))
    if value:
        draft.phones.append((value, prop))


def _take_extension(draft: Draft, param: str) -> bool:
    """`ext=102` among the parameters of a tel: URI (RFC 3966 section 3), for the phone to come."""
    name, _, text = param.partition("=")
    if name.strip().lower() != "ext" or not text.strip():
        return False
    draft.extensions[len(draft.phones)] = text.strip()
    return True


def _url(draft: Draft, prop: Property, value: str) -> None:
    if value := unescape(value).strip():
        draft.urls.append((value, prop))


def _impp(draft: Draft, prop: Property, value: str) -> None:
    value = unescape(value).strip()
    if value:
        draft.ims.append((handle(prop.service, value), prop))


def _address(draft: Draft, prop: Property, value: str) -> None:
    parts = [part.strip() for part in split_escaped(value, ";")]
    if any(parts):
        if len(parts) > ADDRESS_PARTS and (more := _more(parts, ADDRESS_PARTS)):
            draft.extra.append((prop.name, more))  # RFC 9554 section 2.1 has eighteen
        parts += [""] * (ADDRESS_PARTS - len(parts))
        draft.add_address(parts, prop)


def _more(parts: list[str], known: int) -> str:
    """What a property says beyond the parts that have a field."""
    return "; ".join(part for part in parts[known:] if part)


def _organization(draft: Draft, prop: Property, value: str) -> None:
    parts = [part.strip() for part in split_escaped(value, ";")]
    department = "; ".join([part for part in parts[1:] if part])
    if not (parts[0] or department):
        return
    if "organization" in draft.texts or "department" in draft.texts:
        draft.extra.append((prop.name, ";".join(part for part in parts if part)))
        return
    if parts[0]:
        draft.texts["organization"] = parts[0]
    if department:
        draft.texts["department"] = department


def _list(draft_list: str) -> Handler:
    def handler(draft: Draft, _prop: Property, value: str) -> None:
        parts = [part.strip() for part in split_escaped(value, ",")]
        getattr(draft, draft_list).extend([part for part in parts if part])

    return handler


def _uid(draft: Draft, prop: Property, value: str) -> None:
    draft.set_text("uid", _without_urn(unescape(value)), prop)


def _member(draft: Draft, _prop: Property, value: str) -> None:
    if value := _without_urn(unescape(value)):
        draft.members.append(value)


def _without_urn(value: str) -> str:
    found = _URN.match(value)
    return value[found.end() :].strip() if found else value.strip()


def _kind(draft: Draft, _prop: Property, value: str) -> None:
    draft.kind = _KINDS.get(value.strip().lower(), "unknown")


def _photo(draft: Draft, prop: Property, value: str) -> None:
    if not value or value.isspace():
        return
    draft.has_photo = True
    # Whole groups of four are taken for sound; to look at each photo would cost too much.
    if prop.encoding == "b" and (len(value) % 4 or len(value) < SHORT_PHOTO):
        start = value.find(",") + 1 if value.startswith("data:") else 0
        try:
            is_sound = bool(binascii.a2b_base64(value[start:].encode("ascii", "replace")))
        except binascii.Error:
            is_sound = False
        if not is_sound:
            draft.problem = DAMAGED_PHOTO


def _geo(draft: Draft, prop: Property, value: str) -> None:
    found = _GEO.fullmatch(value.strip())
    text = f"{found[1]},{found[2]}" if found else unescape(value).strip()
    if text and not found and not prop.is_text:
        draft.problem = kept_as_text(prop, text, "position")
    draft.set_text("geo", text, prop)


def _related(draft: Draft, prop: Property, value: str) -> None:
    draft.add_relation(unescape(value).strip(), prop.label or "", prop.group)


HANDLERS: dict[str, Handler] = {
    "VERSION": _nothing,
    "PROFILE": _nothing,
    EXTRA_PROPERTY: _named_extra,
    "UID": _uid,
    "KIND": _kind,
    "X-ADDRESSBOOKSERVER-KIND": _kind,
    "FN": _text("full_name"),
    "N": _name,
    "NICKNAME": _list("nicknames"),
    "X-NICKNAME": _list("nicknames"),
    "X-PHONETIC-FIRST-NAME": _text("phonetic_given"),
    "X-PHONETIC-LAST-NAME": _text("phonetic_family"),
    "EMAIL": _email,
    "TEL": _phone,
    "URL": _url,
    "IMPP": _impp,
    "X-SOCIALPROFILE": _impp,
    "ADR": _address,
    "ORG": _organization,
    "TITLE": _text("title"),
    "ROLE": _text("role"),
    "BDAY": _date("birthday"),
    "ANNIVERSARY": _date("anniversary"),
    "DEATHDATE": _date("death_date"),
    "X-DEATHDATE": _date("death_date"),
    "CATEGORIES": _list("categories"),
    "MEMBER": _member,
    "X-ADDRESSBOOKSERVER-MEMBER": _member,
    "RELATED": _related,
    "X-ABRELATEDNAMES": _related,
    "NOTE": _text("note"),
    "PHOTO": _photo,
    "LANG": _text("language"),
    "LANGUAGE": _text("language"),
    "TZ": _text("time_zone"),
    "GEO": _geo,
    "REV": _text("revised_at"),
    **DIALECTS,
}
_BINARY_HANDLERS = frozenset({_photo, Draft.keep, read_sound})
