"""A Person of the People API → a Contact. Pure: no network, and `groups` says what groups mean.

A person is merged by Google from several sources (the user's own card, the other's profile, the
company's directory), so that each field is a list in which the same value may stand twice. The
user's own card (CONTACT) comes first, then what Google calls primary; equal values are one.
"""

import html
import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping

from connectors.contract import Address, CardKind, Contact, ContactPoint, PartialDate, Related
from connectors.dates import read_date
from connectors.google.json_fields import JsonFields, listed, number, text, within
from connectors.messenger_handles import handle

SILENT_GROUPS = frozenset({"myContacts", "all", "blocked", "chatBuddies"})
"""System groups that say nothing about a person."""

NOT_NICKNAMES = frozenset({"MAIDEN_NAME", "INITIALS", "GPLUS"})

EXTRAS: tuple[tuple[str, str, str], ...] = (
    ("calendarUrls", "type", "url"),
    ("externalIds", "type", "value"),
    ("interests", "", "value"),
    ("locations", "type", "value"),
    ("miscKeywords", "type", "value"),
    ("occupations", "", "value"),
    ("skills", "", "value"),
    ("userDefined", "key", "value"),
)
"""Fields without one of ours → the keys of their label and value."""

_MAILTO = re.compile(r"^mailto:", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<(?:br|/p|/div|/li)\b[^<>]*>", re.IGNORECASE)


def read(person: JsonFields, groups: Mapping[str, str]) -> Contact:
    """The contact in a Person.

    `groups`: resource name of a contact group → its name, as a category.
    """
    names = _ordered(person, "names")
    name: JsonFields = names[0] if names else {}
    work: JsonFields = next(iter(_organizations(person)), {})
    emails = tuple(_emails(person))
    full_name, kind = _full_name(name, work, emails)
    nicknames = _ordered(person, "nicknames")
    return Contact(
        uid=uid(person),
        kind=kind,
        full_name=full_name,
        prefix=text(name, "honorificPrefix"),
        given=text(name, "givenName"),
        middle=text(name, "middleName"),
        family=text(name, "familyName"),
        suffix=text(name, "honorificSuffix"),
        phonetic_given=text(name, "phoneticGivenName"),
        phonetic_family=text(name, "phoneticFamilyName"),
        nicknames=_unique(
            text(one, "value") for one in nicknames if one.get("type") not in NOT_NICKNAMES
        ),
        emails=emails,
        phones=tuple(_phones(person)),
        urls=tuple(_points(person, "urls", "value", "type")),
        ims=tuple(_handles(person)),
        addresses=tuple(_addresses(person)),
        organization=text(work, "name"),
        department=text(work, "department"),
        title=text(work, "title"),
        role=text(work, "jobDescription"),
        birthday=_birthday(person),
        anniversary=_anniversary(person),
        categories=_unique(_categories(person, groups)),
        related=tuple(_relations(person)),
        note=_note(person),
        has_photo=any(not one.get("default") for one in _ordered(person, "photos")),
        language=next((text(one, "value") for one in _ordered(person, "locales")), None),
        revised_at=_revised_at(person),
        extra=tuple(pair for pair in _extra(person, names) if pair[1]),
    )


def uid(person: JsonFields) -> str | None:
    """The id of the user's own card; the resource name changes when a profile is linked to it."""
    for source in listed(within(person, "metadata"), "sources"):
        if source.get("type") in {"CONTACT", "OTHER_CONTACT"} and source.get("id"):
            return str(source["id"])
    return text(person, "resourceName")


def group_names(person: JsonFields) -> Iterator[str]:
    """Resource names of the contact groups this person is in."""
    for membership in _ordered(person, "memberships"):
        found = text(within(membership, "contactGroupMembership"), "contactGroupResourceName")
        if found:
            yield found


# --- lists whose values come from several sources -----------------------------------------


def _ordered(person: JsonFields, field: str) -> list[JsonFields]:
    """The values of a field: the user's own first, then the primary ones, else as they came."""

    def rank(value: JsonFields) -> tuple[bool, bool]:
        metadata = within(value, "metadata")
        is_own = within(metadata, "source").get("type") == "CONTACT"
        return (not is_own, not metadata.get("primary"))

    return sorted(listed(person, field), key=rank)


def _points(
    person: JsonFields, field: str, value_key: str, label_key: str
) -> Iterator[ContactPoint]:
    seen = set()
    for one in _ordered(person, field):
        value = text(one, value_key)
        if value and value.casefold() not in seen:
            seen.add(value.casefold())
            yield _point(value, one, label_key)


def _point(value: str, one: JsonFields, label_key: str) -> ContactPoint:
    label = text(one, label_key)
    return ContactPoint(
        value=value,
        label=label.lower() if label else None,
        is_preferred=bool(within(one, "metadata").get("primary")),
    )


def _emails(person: JsonFields) -> Iterator[ContactPoint]:
    for point in _points(person, "emailAddresses", "value", "type"):
        value = _MAILTO.sub("", point.value).strip()
        if value:
            yield ContactPoint(value, point.label, point.is_preferred)


def _phones(person: JsonFields) -> Iterator[ContactPoint]:
    """As typed; the canonical form, where Google knows one, only says which are the same."""
    seen = set()
    for one in _ordered(person, "phoneNumbers"):
        value = text(one, "value") or text(one, "canonicalForm")
        same = text(one, "canonicalForm") or re.sub(r"[^\d+*#]", "", value or "") or value
        if value and same not in seen:
            seen.add(same)
            yield _point(value, one, "type")


def _handles(person: JsonFields) -> Iterator[ContactPoint]:
    """Messengers and SIP, written as those of other sources are."""
    seen = set()
    for field, key in (("imClients", "username"), ("sipAddresses", "value")):
        for one in _ordered(person, field):
            service = "sip" if field == "sipAddresses" else text(one, "protocol")
            value = handle(service, text(one, key) or "")
            if text(one, key) and value.casefold() not in seen:
                seen.add(value.casefold())
                yield _point(value, one, "type")


def _organizations(person: JsonFields) -> list[JsonFields]:
    """The current ones first; an end in the past or `current` false is a former one."""
    found = [one for one in _ordered(person, "organizations") if _organization_words(one)]
    return sorted(found, key=lambda one: (one.get("current") is False, "endDate" in one))


def _organization_words(one: JsonFields) -> str:
    parts = (text(one, key) for key in ("title", "department", "name"))
    return ", ".join(part for part in parts if part)


def _addresses(person: JsonFields) -> Iterator[Address]:
    seen = set()
    for one in _ordered(person, "addresses"):
        label = text(one, "type")
        address = Address(
            street=text(one, "streetAddress") or "",
            extended=text(one, "extendedAddress") or "",
            po_box=text(one, "poBox") or "",
            city=text(one, "city") or "",
            region=text(one, "region") or "",
            postal_code=text(one, "postalCode") or "",
            country=text(one, "country") or text(one, "countryCode") or "",
            label=label.lower() if label else None,
        )
        parts = (address.street, address.po_box, address.city, address.postal_code, address.country)
        if not any((*parts, address.extended, address.region)):
            address = Address(street=text(one, "formattedValue") or "", label=address.label)
        key = (address.street.casefold(), address.city.casefold(), address.postal_code)
        if any(key) and key not in seen:
            seen.add(key)
            yield address


def _relations(person: JsonFields) -> Iterator[Related]:
    for one in _ordered(person, "relations"):
        name, label = text(one, "person"), text(one, "type")
        if name:
            yield Related(name, label.lower() if label else None)


def _categories(person: JsonFields, groups: Mapping[str, str]) -> Iterator[str]:
    for group in group_names(person):
        if group.rpartition("/")[2] not in SILENT_GROUPS and group in groups:
            yield groups[group]


# --- one value of many --------------------------------------------------------------------


def _full_name(
    name: JsonFields, work: JsonFields, emails: tuple[ContactPoint, ...]
) -> tuple[str | None, CardKind]:
    """From the name, else the organisation, else the first e-mail address."""
    parts = (
        text(name, key)
        for key in ("honorificPrefix", "givenName", "middleName", "familyName", "honorificSuffix")
    )
    joined = " ".join(part for part in parts if part)
    found = text(name, "displayName") or text(name, "unstructuredName") or joined
    if found:
        return found, "individual"
    if organization := text(work, "name"):
        return organization, "organization"
    return (emails[0].value if emails else None), "individual"


def _birthday(person: JsonFields) -> PartialDate | None:
    found = [_date(within(one, "date")) for one in _ordered(person, "birthdays")]
    texts = [text(one, "text") for one in _ordered(person, "birthdays")]
    return next((one for one in found if one), None) or next(
        (_typed_date(typed) for typed in texts if typed), None
    )


def _anniversary(person: JsonFields) -> PartialDate | None:
    for one in _ordered(person, "events"):
        if (text(one, "type") or "").lower() == "anniversary":
            return _date(within(one, "date"))
    return None


def _date(found: JsonFields) -> PartialDate | None:
    """A google.type.Date: 0 or absent is unknown."""
    year, month, day = (number(found, key) for key in ("year", "month", "day"))
    if not (year or month or day):
        return None
    is_whole = month is None or (
        1 <= month <= 12 and (day is None or 1 <= day <= monthrange(year or 2000, month)[1])
    )
    if not is_whole or (year is not None and not 1 <= year <= 9999) or (day and not month):
        return PartialDate(text=f"{year or 0:04}-{month or 0:02}-{day or 0:02}")
    return PartialDate(year, month, day)


def _typed_date(typed: str) -> PartialDate:
    """A birthday that was only ever typed: read where there is one reading, else kept as text."""
    readings = {read_date(typed, "mdy"), read_date(typed, "dmy")}
    only = readings.pop()
    return PartialDate(text=typed) if readings or only is None else only


def _note(person: JsonFields) -> str | None:
    for one in _ordered(person, "biographies"):
        note = text(one, "value")
        if note and one.get("contentType") == "TEXT_HTML":
            note = html.unescape(_TAG.sub("", _BREAK.sub("\n", note))).strip()
        if note:
            return note
    return None


def _revised_at(person: JsonFields) -> str | None:
    sources = listed(within(person, "metadata"), "sources")
    times = (text(one, "updateTime") for one in sources if one.get("type") == "CONTACT")
    return next((one for one in times if one), None)


def _extra(person: JsonFields, names: list[JsonFields]) -> Iterator[tuple[str, str]]:
    """What has no field of its own, as (name, value)."""
    for name in names[1:]:
        yield "names", text(name, "displayName") or text(name, "unstructuredName") or ""
    for one in _organizations(person)[1:]:
        yield "organizations", _organization_words(one)
    for one in _ordered(person, "nicknames"):
        if one.get("type") in NOT_NICKNAMES:
            yield str(one["type"]).lower(), text(one, "value") or ""
    for one in _ordered(person, "events"):
        label, found = (text(one, "type") or "").lower(), _date(within(one, "date"))
        if found and label != "anniversary":
            yield f"events:{label or 'other'}", _iso(found)
    for field, label_key, value_key in EXTRAS:
        for one in _ordered(person, field):
            label = text(one, label_key) or ""
            yield f"{field}:{label}".rstrip(":"), text(one, value_key) or ""


def _iso(found: PartialDate) -> str:
    if found.text:
        return found.text
    year = f"{found.year:04}" if found.year else "-"
    return "-".join([year, *(f"{part:02}" for part in (found.month, found.day) if part)])


def _unique(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in texts if one))
