"""A Person of the People API → a Contact. Pure: no network, and `groups` says what groups mean.

A person is merged by Google from several sources (the user's own card, the other's profile, the
company's directory), so that each field is a list in which the same value may stand twice. The
user's own card (CONTACT) comes first, then what Google calls primary; equal values are one.
"""

import html
import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connectors.loose_dates import read_date
from pipeline.records import Address, CardKind, Contact, ContactPoint, PartialDate, Related

Fields = Mapping[str, Any]

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


def read(person: Fields, groups: Mapping[str, str]) -> Contact:
    """The contact in a Person.

    `groups`: resource name of a contact group → its name, as a category.
    """
    names = _ordered(person, "names")
    name: Fields = names[0] if names else {}
    work: Fields = next(iter(_organizations(person)), {})
    emails = tuple(_emails(person))
    full_name, kind = _full_name(name, work, emails)
    nicknames = _ordered(person, "nicknames")
    return Contact(
        uid=uid(person),
        kind=kind,
        full_name=full_name,
        prefix=_text(name, "honorificPrefix"),
        given=_text(name, "givenName"),
        middle=_text(name, "middleName"),
        family=_text(name, "familyName"),
        suffix=_text(name, "honorificSuffix"),
        phonetic_given=_text(name, "phoneticGivenName"),
        phonetic_family=_text(name, "phoneticFamilyName"),
        nicknames=_unique(
            _text(one, "value") for one in nicknames if one.get("type") not in NOT_NICKNAMES
        ),
        emails=emails,
        phones=tuple(_phones(person)),
        urls=tuple(_points(person, "urls", "value", "type")),
        ims=(
            *_points(person, "imClients", "username", "protocol"),
            *_points(person, "sipAddresses", "value", "type"),
        ),
        addresses=tuple(_addresses(person)),
        organization=_text(work, "name"),
        department=_text(work, "department"),
        title=_text(work, "title"),
        role=_text(work, "jobDescription"),
        birthday=_birthday(person),
        anniversary=_anniversary(person),
        categories=_unique(_categories(person, groups)),
        related=tuple(_relations(person)),
        note=_note(person),
        has_photo=any(not one.get("default") for one in _ordered(person, "photos")),
        language=next((_text(one, "value") for one in _ordered(person, "locales")), None),
        revised_at=_revised_at(person),
        extra=tuple(pair for pair in _extra(person, names) if pair[1]),
    )


def uid(person: Fields) -> str | None:
    """The id of the user's own card; the resource name changes when a profile is linked to it."""
    for source in _dicts(_dict(person.get("metadata")).get("sources")):
        if source.get("type") in {"CONTACT", "OTHER_CONTACT"} and source.get("id"):
            return str(source["id"])
    return _text(person, "resourceName")


def group_names(person: Fields) -> Iterator[str]:
    """Resource names of the contact groups this person is in."""
    for membership in _ordered(person, "memberships"):
        found = _text(_dict(membership.get("contactGroupMembership")), "contactGroupResourceName")
        if found:
            yield found


# --- lists whose values come from several sources -----------------------------------------


def _ordered(person: Fields, field: str) -> list[Fields]:
    """The values of a field: the user's own first, then the primary ones, else as they came."""

    def rank(value: Fields) -> tuple[bool, bool]:
        metadata = _dict(value.get("metadata"))
        is_own = _dict(metadata.get("source")).get("type") == "CONTACT"
        return (not is_own, not metadata.get("primary"))

    return sorted(_dicts(person.get(field)), key=rank)


def _points(person: Fields, field: str, value_key: str, label_key: str) -> Iterator[ContactPoint]:
    seen = set()
    for one in _ordered(person, field):
        value = _text(one, value_key)
        if value and value.casefold() not in seen:
            seen.add(value.casefold())
            yield _point(value, one, label_key)


def _point(value: str, one: Fields, label_key: str) -> ContactPoint:
    label = _text(one, label_key)
    return ContactPoint(
        value=value,
        label=label.lower() if label else None,
        is_preferred=bool(_dict(one.get("metadata")).get("primary")),
    )


def _emails(person: Fields) -> Iterator[ContactPoint]:
    for point in _points(person, "emailAddresses", "value", "type"):
        value = _MAILTO.sub("", point.value).strip()
        if value:
            yield ContactPoint(value, point.label, point.is_preferred)


def _phones(person: Fields) -> Iterator[ContactPoint]:
    """As typed; the canonical form, where Google knows one, only says which are the same."""
    seen = set()
    for one in _ordered(person, "phoneNumbers"):
        value = _text(one, "value") or _text(one, "canonicalForm")
        same = _text(one, "canonicalForm") or re.sub(r"[^\d+*#]", "", value or "") or value
        if value and same not in seen:
            seen.add(same)
            yield _point(value, one, "type")


def _organizations(person: Fields) -> list[Fields]:
    """The current ones first; an end in the past or `current` false is a former one."""
    found = [one for one in _ordered(person, "organizations") if _organization_words(one)]
    return sorted(found, key=lambda one: (one.get("current") is False, "endDate" in one))


def _organization_words(one: Fields) -> str:
    parts = (_text(one, key) for key in ("title", "department", "name"))
    return ", ".join(part for part in parts if part)


def _addresses(person: Fields) -> Iterator[Address]:
    seen = set()
    for one in _ordered(person, "addresses"):
        label = _text(one, "type")
        address = Address(
            street=_text(one, "streetAddress") or "",
            extended=_text(one, "extendedAddress") or "",
            po_box=_text(one, "poBox") or "",
            city=_text(one, "city") or "",
            region=_text(one, "region") or "",
            postal_code=_text(one, "postalCode") or "",
            country=_text(one, "country") or _text(one, "countryCode") or "",
            label=label.lower() if label else None,
        )
        parts = (address.street, address.po_box, address.city, address.postal_code, address.country)
        if not any((*parts, address.extended, address.region)):
            address = Address(street=_text(one, "formattedValue") or "", label=address.label)
        key = (address.street.casefold(), address.city.casefold(), address.postal_code)
        if any(key) and key not in seen:
            seen.add(key)
            yield address


def _relations(person: Fields) -> Iterator[Related]:
    for one in _ordered(person, "relations"):
        name, label = _text(one, "person"), _text(one, "type")
        if name:
            yield Related(name, label.lower() if label else None)


def _categories(person: Fields, groups: Mapping[str, str]) -> Iterator[str]:
    for group in group_names(person):
        if group.rpartition("/")[2] not in SILENT_GROUPS and group in groups:
            yield groups[group]


# --- one value of many --------------------------------------------------------------------


def _full_name(
    name: Fields, work: Fields, emails: tuple[ContactPoint, ...]
) -> tuple[str | None, CardKind]:
    """From the name, else the organisation, else the first e-mail address."""
    parts = (
        _text(name, key)
        for key in ("honorificPrefix", "givenName", "middleName", "familyName", "honorificSuffix")
    )
    joined = " ".join(part for part in parts if part)
    found = _text(name, "displayName") or _text(name, "unstructuredName") or joined
    if found:
        return found, "individual"
    if organization := _text(work, "name"):
        return organization, "organization"
    return (emails[0].value if emails else None), "individual"


def _birthday(person: Fields) -> PartialDate | None:
    found = [_date(_dict(one.get("date"))) for one in _ordered(person, "birthdays")]
    texts = [_text(one, "text") for one in _ordered(person, "birthdays")]
    return next((one for one in found if one), None) or next(
        (_typed_date(text) for text in texts if text), None
    )


def _anniversary(person: Fields) -> PartialDate | None:
    for one in _ordered(person, "events"):
        if (_text(one, "type") or "").lower() == "anniversary":
            return _date(_dict(one.get("date")))
    return None


def _date(found: Fields) -> PartialDate | None:
    """A google.type.Date: 0 or absent is unknown."""
    year, month, day = (_number(found.get(key)) for key in ("year", "month", "day"))
    if not (year or month or day):
        return None
    is_whole = month is None or (
        1 <= month <= 12 and (day is None or 1 <= day <= monthrange(year or 2000, month)[1])
    )
    if not is_whole or (year is not None and not 1 <= year <= 9999) or (day and not month):
        return PartialDate(text=f"{year or 0:04}-{month or 0:02}-{day or 0:02}")
    return PartialDate(year, month, day)


def _typed_date(text: str) -> PartialDate:
    """A birthday that was only ever typed: read where there is one reading, else kept as text."""
    readings = {read_date(text, "mdy"), read_date(text, "dmy")}
    only = readings.pop()
    return PartialDate(text=text) if readings or only is None else only


def _note(person: Fields) -> str | None:
    for one in _ordered(person, "biographies"):
        text = _text(one, "value")
        if text and one.get("contentType") == "TEXT_HTML":
            text = html.unescape(_TAG.sub("", _BREAK.sub("\n", text))).strip()
        if text:
            return text
    return None


def _revised_at(person: Fields) -> str | None:
    sources = _dicts(_dict(person.get("metadata")).get("sources"))
    times = (_text(one, "updateTime") for one in sources if one.get("type") == "CONTACT")
    return next((one for one in times if one), None)


def _extra(person: Fields, names: list[Fields]) -> Iterator[tuple[str, str]]:
    """What has no field of its own, as (name, value)."""
    for name in names[1:]:
        yield "names", _text(name, "displayName") or _text(name, "unstructuredName") or ""
    for one in _organizations(person)[1:]:
        yield "organizations", _organization_words(one)
    for one in _ordered(person, "nicknames"):
        if one.get("type") in NOT_NICKNAMES:
            yield str(one["type"]).lower(), _text(one, "value") or ""
    for one in _ordered(person, "events"):
        label, found = (_text(one, "type") or "").lower(), _date(_dict(one.get("date")))
        if found and label != "anniversary":
            yield f"events:{label or 'other'}", _iso(found)
    for field, label_key, value_key in EXTRAS:
        for one in _ordered(person, field):
            label = _text(one, label_key) or ""
            yield f"{field}:{label}".rstrip(":"), _text(one, value_key) or ""


def _iso(found: PartialDate) -> str:
    if found.text:
        return found.text
    year = f"{found.year:04}" if found.year else "-"
    return "-".join([year, *(f"{part:02}" for part in (found.month, found.day) if part)])


# --- reading what may be anything ---------------------------------------------------------


def _text(fields: Fields, key: str) -> str | None:
    """A text without control characters at its ends; None when there is none."""
    found = fields.get(key)
    return found.strip() or None if isinstance(found, str) else None


def _number(found: object) -> int | None:
    return found if isinstance(found, int) and found > 0 else None


def _dict(found: object) -> Fields:
    return found if isinstance(found, dict) else {}


def _dicts(found: object) -> list[Fields]:
    """The objects of a list.

    :raises TypeError: the answer is not of the shape that the discovery document promises.
    """
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise TypeError(f"a list of objects was promised, not {str(found)[:80]}")
    return found


def _unique(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
