"""What a VEVENT says about its meeting besides when it is: people, texts, kind (RFC 5545 3.6.1)."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from connectors.content_lines import split_escaped
from connectors.contract import (
    ADDRESS,
    MOST_GUESTS,
    Attendee,
    AttendeeKind,
    MeetingStatus,
    Reply,
    Role,
    Visibility,
)
from connectors.ical.property_values import IcalProperty, Properties, clean, text_of, word_of

MAX_ATTENDEES = 5_000

_REPLIES: Final[dict[str, Reply]] = {
    "": "needs-action",
    "NEEDS-ACTION": "needs-action",
    "ACCEPTED": "accepted",
    "DECLINED": "declined",
    "TENTATIVE": "tentative",
    "DELEGATED": "delegated",
}
_ROLES: Final[dict[str, Role]] = {
    "": "required",
    "REQ-PARTICIPANT": "required",
    "OPT-PARTICIPANT": "optional",
    "CHAIR": "chair",
    "NON-PARTICIPANT": "non-participant",
}
_KINDS: Final[dict[str, AttendeeKind]] = {
    "": "individual",
    "INDIVIDUAL": "individual",
    "GROUP": "group",
    "RESOURCE": "resource",
    "ROOM": "room",
}
_VISIBILITIES: Final[dict[str, Visibility]] = {
    "": "public",
    "PUBLIC": "public",
    "CONFIDENTIAL": "confidential",
}
_STATUSES: Final[dict[str, MeetingStatus]] = {
    "CANCELLED": "cancelled",
    "CANCELED": "cancelled",
    "TENTATIVE": "tentative",
}
_BIRTHDAY_MARKS = (
    "X-NEXTCLOUD-BC-FIELD-TYPE",
    "X-SABRE-BDAY",
    "X-KDE-KABC-BIRTHDAY",
    "X-KDE-KABC-ANNIVERSARY",
)
"""What generators of birthday calendars put on each event."""
_BIRTHDAY_WORDS = frozenset(
    [
        "BIRTHDAY",
        "BIRTHDAYS",
        "ANNIVERSARY",
        "ANNIVERSARIES",
        "GEBURTSTAG",
        "GEBURTSTAGE",
        "JAHRESTAG",
        "ANNIVERSAIRE",
        "ANNIVERSAIRES",
        "CUMPLEAÑOS",
        "ANIVERSÁRIO",
        "ANIVERSÁRIOS",
        "COMPLEANNO",
        "COMPLEANNI",
        "VERJAARDAG",
        "VERJAARDAGEN",
    ]
)
"""The categories that address books give theirs, in upper case."""
_SCHEME = re.compile(r"(?:mailto|smtp):", re.IGNORECASE)
_USUAL = re.compile(r"mailto:([\w.+-]+@[\w.-]+)", re.IGNORECASE | re.ASCII)
_OTHER_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_TEL = re.compile(r"tel:([^;?]{1,100})", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>\"',;:]+@[^\s<>\"',;:]+")


@dataclass(frozen=True, slots=True)
class EventDetails:
    """Everything of a Meeting that is not a time; the same for all occurrences of a series."""

    summary: str | None
    location: str | None
    status: MeetingStatus
    visibility: Visibility
    is_transparent: bool
    event_type: str
    categories: tuple[str, ...]
    organizer: Attendee | None
    attendees: tuple[Attendee, ...]


def read_details(found: Properties, *, is_cancelled: bool = False) -> EventDetails:
    """The details that the properties of a VEVENT give.

    :param is_cancelled: the calendar's METHOD is CANCEL (RFC 5546 section 3.2.5).
    """
    attendees = _attendees(found)
    categories = _categories(found)
    status = _STATUSES.get(word_of(found, "STATUS"), "confirmed")
    return EventDetails(
        summary=text_of(found, "SUMMARY"),
        location=text_of(found, "LOCATION"),
        status="cancelled" if is_cancelled else status,
        # RFC 5545 section 3.8.1.3: an unknown class is to be treated as private.
        visibility=_VISIBILITIES.get(word_of(found, "CLASS"), "private"),
        is_transparent=word_of(found, "TRANSP") == "TRANSPARENT",
        event_type=_event_type(found, categories, has_guests=bool(attendees)),
        categories=categories,
        organizer=_organizer(found),
        attendees=attendees,
    )


def inherit(override: Properties, master: Properties) -> Properties:
    """What an override says, with the master's lines where it is silent.

    An override is to be a whole event (RFC 5545 section 3.8.4.4), but real ones leave out the
    attendees, and cancelled ones nearly everything. A place that is missing was taken away.
    """
    kept = {
        name: lines for name, lines in master.items() if name in _INHERITED and name not in override
    }
    return kept | override


_INHERITED = frozenset(
    {"SUMMARY", "STATUS", "CLASS", "TRANSP", "CATEGORIES", "ORGANIZER", "ATTENDEE"}
) | frozenset(_BIRTHDAY_MARKS)


def _categories(found: Properties) -> tuple[str, ...]:
    parts = [
        clean(part)
        for line in found.get("CATEGORIES", ())
        for part in split_escaped(line.value, ",")
    ]
    return tuple(dict.fromkeys(part for part in parts if part))


def _event_type(found: Properties, categories: tuple[str, ...], *, has_guests: bool) -> str:
    if any(mark in found for mark in _BIRTHDAY_MARKS):
        return "birthday"
    if any(category.upper() in _BIRTHDAY_WORDS for category in categories):
        return "birthday"
    if not has_guests and "BIRTHDAY" in word_of(found, "UID"):  # Google's
        return "birthday"
    # A visit with guests is a meeting, though Outlook shows its owner as away.
    is_away = word_of(found, "X-MICROSOFT-CDO-BUSYSTATUS") == "OOF" and not has_guests
    return "outOfOffice" if is_away else "default"


# --- people -------------------------------------------------------------------------------


def _attendees(found: Properties) -> tuple[Attendee, ...]:
    people: dict[str, Attendee] = {}
    for number, line in enumerate(found.get("ATTENDEE", ())[:MAX_ATTENDEES]):
        attendee = read_attendee(line)
        if attendee.email is None and attendee.name is None and attendee.phone is None:
            continue
        key = attendee.email or f" {number}"
        known = people.get(key)
        if known is None or (known.reply == "needs-action" and attendee.reply != "needs-action"):
            people[key] = attendee
    return tuple(people.values())


def _organizer(found: Properties) -> Attendee | None:
    for line in found.get("ORGANIZER", ()):
        organizer = read_attendee(line)
        if organizer.email or organizer.name or organizer.phone:
            return Attendee(
                email=organizer.email,
                name=organizer.name,
                kind=organizer.kind,
                role="chair",
                phone=organizer.phone,
            )
    return None


def read_attendee(line: IcalProperty) -> Attendee:
    """An ATTENDEE or ORGANIZER (RFC 5545 sections 3.8.4.1, 3.8.4.3).

    The address is the value when it is one, else the EMAIL parameter (RFC 7986 section 6.2), else
    a CN that is one. A value that is but a word (`mailto:wanda`) is a name where no CN gives one.
    A PARTSTAT, ROLE or CUTYPE that the RFC does not know is `unknown`.
    """
    params = line.head.params
    # An unquoted comma in a name splits it: "CN=Doe, J".
    name = clean(", ".join(params.get("CN", ()))) or None
    email = _email(line.value) or _email(line.head.first("EMAIL"))
    if email is None and name is not None and _ADDRESS.fullmatch(name):
        email = name.lower()
    return Attendee(
        email=email,
        name=name or (None if email else _word(line.value)),
        reply=_REPLIES.get(line.head.first("PARTSTAT").upper(), "unknown"),
        role=_ROLES.get(line.head.first("ROLE").upper(), "unknown"),
        kind=_KINDS.get(line.head.first("CUTYPE").upper(), "unknown"),
        phone=None if email else _phone(line.value),
        additional_guests=_guests(line.head.first("X-NUM-GUESTS")),
    )


def _guests(text: str) -> int:
    """How many somebody brings along, as Google writes it."""
    return min(int(text), MOST_GUESTS) if text.isdecimal() and len(text) < 9 else 0


def _email(value: str) -> str | None:
    """The address in `mailto:Ana@Example.org`, in any case, or bare; None for whatever is none."""
    if found := _USUAL.fullmatch(value):
        return found[1].lower()
    text = _without_scheme(value)
    if _OTHER_SCHEME.match(text):  # urn:uuid:, http:, Outlook's invalid:nomail
        return None
    if "@" not in text and "%40" in text:
        text = unquote(text)
    if found := _ADDRESS.search(text[:1000]):
        address = found[0].partition("?")[0]
        is_path = "/" in address  # a path names a principal
        return address.lower() if ADDRESS.fullmatch(address) and not is_path else None
    return None


def _word(value: str) -> str | None:
    """`wanda` in `mailto:wanda`, how some servers name their own users."""
    text = _without_scheme(value)
    return text if text and not any(char in text for char in ' \t\n:/<>"@') else None


def _phone(value: str) -> str | None:
    """The number in `tel:+49-30-12345678;ext=12` (RFC 3966), as written."""
    found = _TEL.match(clean(value))
    return unquote(found[1]).strip() or None if found else None


def _without_scheme(value: str) -> str:
    text = clean(value)
    while scheme := _SCHEME.match(text):
        text = text[scheme.end() :].strip()
    return text
