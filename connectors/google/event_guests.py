"""Who is invited to a Google event, and who called it."""

import re
from collections.abc import Mapping

from connectors.contract import ADDRESS, MOST_GUESTS, Attendee, AttendeeKind, Reply
from connectors.google.json_fields import JsonFields, number, text, within

REPLIES: Mapping[str, Reply] = {
    "needsAction": "needs-action",
    "accepted": "accepted",
    "declined": "declined",
    "tentative": "tentative",
}
NOBODY = "unknownorganizer@calendar.google.com"
"""Whoever sent a mail that Google made an event of."""

_CALENDAR = re.compile(r"@(?:group|group\.v|import)\.calendar\.google\.com$")
_RESOURCE = re.compile(r"@resource\.calendar\.google\.com$")
_GROUP = re.compile(r"@googlegroups\.com$")


def attendees(event: JsonFields, *, is_own: bool) -> tuple[Attendee, ...]:
    """Those invited, each once; who has neither an address nor a name cannot be told apart.

    `is_own`: the event stands in the owner's own calendar, so that `self` means the owner.
    """
    found = event.get("attendees")
    people: dict[str, Attendee] = {}
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict):
            attendee = _attendee(one, is_own=is_own)
            key = attendee.email or f" {attendee.name}"
            if attendee.email or attendee.name or attendee.is_owner:
                people.setdefault(key, attendee)
    return tuple(people.values())


def organizer(event: JsonFields, *, is_own: bool) -> Attendee | None:
    """Who called it. A calendar of several people calls nothing: then it is who made the event."""
    found = within(event, "organizer")
    if _CALENDAR.search((text(found, "email") or "").lower()):
        found = within(event, "creator")
    email = _email(found)
    name = text(found, "displayName")
    is_owner = is_own and bool(found.get("self"))
    if email == NOBODY or not (email or name or is_owner):
        return None
    kind = _kind(email, is_resource=False)
    return Attendee(email, name, role="chair", kind=kind, is_owner=is_owner)


def _attendee(found: JsonFields, *, is_own: bool) -> Attendee:
    email = _email(found)
    return Attendee(
        email=email,
        name=text(found, "displayName"),
        reply=REPLIES.get(str(found.get("responseStatus")), "unknown"),
        role="optional" if found.get("optional") else "required",
        kind=_kind(email, is_resource=bool(found.get("resource"))),
        is_owner=is_own and bool(found.get("self")),
        additional_guests=min(number(found, "additionalGuests") or 0, MOST_GUESTS),
    )


def _kind(email: str | None, *, is_resource: bool) -> AttendeeKind:
    email = email or ""
    if is_resource or _RESOURCE.search(email) or _CALENDAR.search(email):
        return "resource"
    return "group" if _GROUP.search(email) else "individual"


def _email(found: JsonFields) -> str | None:
    email = (text(found, "email") or "").lower()
    return email if ADDRESS.fullmatch(email) else None
