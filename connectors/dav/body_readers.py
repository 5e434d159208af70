"""Bodies that a server hands over → items: cards (RFC 6352), events and tasks (RFC 4791)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar
from zoneinfo import ZoneInfo

from connectors.contract import TASK_UID_PREFIX, Collection, Item, Reject
from connectors.dav.sync_collection import BodyReader

CALENDAR_TYPE = "text/calendar"
COMPONENTS = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"})
_LINE = re.compile(rb"[^\r\n]+(?:\r?\n[ \t][^\r\n]*)*")
_FOLD = re.compile(rb"\r?\n[ \t]")
_ESCAPE = re.compile(r"\\(.)")


def reader(collection: Collection, zone: ZoneInfo) -> BodyReader:
    """What makes items of a collection's bodies."""
    if "contact" in collection.kinds:
        return CardReader()
    return CalendarReader("event" in collection.kinds, "task" in collection.kinds, zone)


@dataclass(frozen=True, slots=True)
class CardReader:
    """One resource holds one card."""

    report: ClassVar[str] = "A:addressbook-multiget"
    content: ClassVar[str] = "A:address-data"

    def read(self, href: str, etag: str, body: bytes) -> tuple[Item | None, Sequence[Reject]]:
        """See `BodyReader`. Warnings about single lines come beside the item."""
        from connectors import vcard

        cards = [one for one in vcard.split(body) if isinstance(one, vcard.RawCard)]
        if not cards:
            return None, [Reject("it is not a vCard", href, content=body)]
        contact, found = vcard.read(cards[0].body)
        warnings = [*found, *_agents(cards[0].body)]
        if vcard.is_empty(contact):
            return None, [Reject("the card says nothing", href, content=body)]
        item = Item(href, contact.uid, "contact", etag, vcard.MEDIA_TYPE, body, contact=contact)
        return item, [replace(warning, href=href) for warning in warnings]


def _agents(body: bytes) -> Iterator[Reject]:
    """A resource is one item, so a card within its card (AGENT) is no card of its own: it is told.

    In a file it comes in beside the card around it.
    """
    from connectors import vcard

    for agent in vcard.agents(body):
        contact, _ = vcard.read(agent)
        name = contact.full_name or "somebody without a name"
        yield Reject(f"the card of {name} within this one was left out", None, None, agent, True)


@dataclass(frozen=True, slots=True)
class CalendarReader:
    """One resource holds the components of one UID (RFC 4791 section 4.1)."""

    has_events: bool
    has_tasks: bool
    zone: ZoneInfo
    report: ClassVar[str] = "C:calendar-multiget"
    content: ClassVar[str] = "C:calendar-data"

    def read(self, href: str, etag: str, body: bytes) -> tuple[Item | None, Sequence[Reject]]:
        """See `BodyReader`. An event of ours in the task list is a task."""
        component, uid = glance(body)
        if component is None:
            return None, [Reject("it is not an iCalendar object", href, content=body)]
        is_ours = (uid or "").startswith(TASK_UID_PREFIX)
        if self.has_tasks and (component == "VTODO" or (component == "VEVENT" and is_ours)):
            return read_task(href, etag, body, self.zone)
        if self.has_events and component == "VEVENT":
            return Item(href, uid, "event", etag, CALENDAR_TYPE, body), []
        return None, []


def read_task(
    href: str, etag: str, body: bytes, zone: ZoneInfo
) -> tuple[Item | None, Sequence[Reject]]:
    """The item of a task's body."""
    from connectors import ical

    try:
        task = ical.read_task(body, zone)
    except ical.NoTask as error:
        return None, [Reject(str(error), href, content=body)]
    return Item(href, task.uid, "task", etag, CALENDAR_TYPE, body, task=task), []


def glance(body: bytes) -> tuple[str | None, str | None]:
    """The first component that is not a time zone, and its UID, reading no further than that."""
    component: str | None = None
    depth = 0
    for match in _LINE.finditer(body):
        line = match[0]
        name = line[:6].upper()
        if name == b"BEGIN:":
            word = line[6:].strip().decode("ascii", "replace").upper()
            if component is None and word in COMPONENTS:
                component, depth = word, 0
            elif component is not None:
                depth += 1
        elif line[:4].upper() == b"END:" and component is not None:
            if depth == 0:
                return component, None
            depth -= 1
        elif component is not None and depth == 0 and line[:4].upper() in (b"UID:", b"UID;"):
            text = _FOLD.sub(b"", line).partition(b":")[2].decode("utf-8", "replace").strip()
            return component, _ESCAPE.sub(r"\1", text) or None
    return component, None
