"""Calendars of a Google account (Calendar API): which there are, and one pull of one of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from connectors.contract import Collection, Item, Kind, Listing, Page, Trouble
from connectors.errors import SourceError, SourceUnreachable
from connectors.google import event_parser, sync_cursor
from connectors.google.error_answers import Refused
from connectors.google.event_parser import CALENDAR_KEY, expand, uid_of
from connectors.google.json_fields import JsonObject, text
from connectors.google.paging import Sheet, listed, look_for, pages
from connectors.google.sync_cursor import GoogleCursor
from connectors.unanswered_reasons import unanswered

if TYPE_CHECKING:
    from connectors.google.http import GoogleSession

__all__ = ["expand", "is_there", "listing", "pull"]

MEDIA_TYPE = "application/vnd.google.event+json"
LARGEST_PAGE = 2500
LARGEST_LIST_PAGE = 250
PREFIX = "calendars/"
KINDS: frozenset[Kind] = frozenset({"event"})
WRITERS = frozenset({"owner", "writer", "writerWithoutPrivateAccess"})

LIST_FIELDS = "items(id,summary,summaryOverride,accessRole,selected,primary,deleted),nextPageToken"
ONE_EVENT = (
    "id,etag,status,iCalUID,recurringEventId,originalStartTime,"
    "recurrence,start,end,endTimeUnspecified,summary,location,visibility,transparency,eventType,"
    "birthdayProperties,organizer,creator,attendeesOmitted,"
    "attendees(email,displayName,self,resource,optional,responseStatus,additionalGuests)"
)
EVENT_FIELDS = f"nextPageToken,nextSyncToken,items({ONE_EVENT})"
"""No descriptions, attachments or conference links: they would travel for nothing."""

_OCCURRENCE = re.compile(r"(.+)_(\d{8})(?:T\d{6}Z)?")
_SPLIT = re.compile(r"(.+)_R(\d{8})(?:T\d{6})?")
_UNTIL = re.compile(r"RRULE:.*\bUNTIL=(\d{8})", re.IGNORECASE)


def listing(
    session: "GoogleSession", chosen: tuple[str, ...], left_out: tuple[str, ...]
) -> Listing:
    """The calendars of the account: the chosen ones, by name or id, else the default.

    The default is what is ticked in Google Calendar and owned or writable; where nothing at all is
    ticked, the account's own calendar. Calendars that are only read (holidays, birthdays,
    colleagues) come in when they are named. Without names the others count as hidden: a tick in
    the sidebar that is taken away must not take a calendar's history along.
    """
    entries = _entries(session)
    wanted = _named(entries, chosen) if chosen else _default(entries)
    out = [entry for entry in entries if any(_is_named(entry, name) for name in left_out)]
    wanted = [entry for entry in wanted if entry not in out]
    others = [entry for entry in entries if entry not in wanted and entry not in out]
    return Listing(
        chosen=[_collection(entry) for entry in wanted],
        hidden=[] if chosen else [_collection(entry) for entry in others],
        left_out=[_collection(entry) for entry in (*out, *(others if chosen else ()))],
        named=frozenset(PREFIX + entry["id"] for entry in wanted if chosen),
        troubles=_missing(entries, chosen, session.source),
    )


def is_there(session: "GoogleSession", collection: Collection) -> bool:
    """Whether a calendar answers that is no longer listed.

    :raises LoginError, SourceUnreachable, SourceError: nobody can say.
    """
    request = (
        session.service("calendar")
        .events()
        .list(
            calendarId=collection.href.removeprefix(PREFIX),
            maxResults=1,
            fields="nextPageToken",
        )
    )
    return session.find(request, f"asking for {collection.name}") is not None


def pull(
    session: "GoogleSession",
    collection: Collection,
    cursor: str | None,
    known: Mapping[str, str],
    zone: ZoneInfo,
) -> Iterator[Page]:
    """What changed in one calendar, or all of it.

    Masters and exceptions come as items of their own, under one UID. A full listing has no
    tombstones: what it does not name is gone.
    """
    kept = sync_cursor.read(cursor)
    began = sync_cursor.now()
    held = known
    if kept and kept.is_worn(EVENT_FIELDS, began):
        known = known if kept.shape == EVENT_FIELDS else {}
        kept = None
    sheet = Sheet(known, is_full=kept is None)
    reading = _CalendarReading(session, collection, zone, sheet)
    for answer, is_last in pages(
        session,
        session.service("calendar").events().list,
        f"listing the events of {collection.name}",
        calendarId=collection.href.removeprefix(PREFIX),
        syncToken=kept.token if kept else None,
        maxResults=min(LARGEST_PAGE, session.limits.largest_page),
        singleEvents=False,
        fields=EVENT_FIELDS,
    ):
        for event in listed(answer, "items"):
            reading.take(event)
        if is_last:
            reading.finish(held)
            full_at = kept.full_at if kept else began.isoformat()
            token = answer.get("nextSyncToken", "")
            yield sheet.page(GoogleCursor(token, full_at, EVENT_FIELDS).write())
        elif sheet.has_news():
            yield sheet.page()


@dataclass(slots=True)
class _CalendarReading:
    """One pass over the events of a calendar."""

    session: "GoogleSession"
    collection: Collection
    zone: ZoneInfo
    sheet: Sheet
    uids: dict[str, str] = field(default_factory=dict)
    """Event id → iCalUID, of what came in this pull."""
    waiting: list[JsonObject] = field(default_factory=list)
    """Cancelled occurrences without iCalUID whose master did not come before them."""
    deleted: list[str] = field(default_factory=list)
    live: set[str] = field(default_factory=set)
    cuts: dict[str, str] = field(default_factory=dict)
    """Series → the day (20260305) from which on it does not go on by itself."""

    def take(self, event: JsonObject) -> None:
        """File one event, or keep it until its master is known."""
        key, uid, master = text(event, "id"), uid_of(event), text(event, "recurringEventId")
        if key and uid:
            self.uids[key] = uid
            self._note_cut(key, event)
        if event.get("status") == "cancelled" and not master and key:
            self.deleted.append(key)
            self.sheet.named.add(key)
        elif uid is None and master and master not in self.uids:
            self.waiting.append(event)
        else:
            self._file(event, uid or self.uids.get(master or ""))

    def finish(self, held: Mapping[str, str]) -> None:
        """What can only be said at the end; `held` are the events that we have."""
        is_silent = False
        for event in self.waiting:
            master = str(event["recurringEventId"])
            if master not in self.uids and not is_silent:
                try:
                    self.uids[master] = self._ask_uid(master)
                except SourceUnreachable:
                    is_silent = True
            if master in self.uids:
                self._file(event, self.uids[master])
            elif key := text(event, "id"):
                self.sheet.named.add(key)
                self.sheet.open.append(unanswered(key))
        exceptions = self._exceptions() if self.deleted else {}
        gone = [href for key in self.deleted for href in (key, *exceptions.get(key, ()))]
        self.sheet.gone += [href for href in dict.fromkeys(gone) if href not in self.live]
        look_for(
            self.session,
            self.sheet,
            held if self.sheet.is_full else self._cut_off(),
            lambda href: self._get(href, ONE_EVENT),
            self._take_missing,
            f"reading an event of {self.collection.name}",
        )

    def _note_cut(self, key: str, event: JsonObject) -> None:
        """Where a series ends that was split, by the one that takes it up or by its own rule."""
        if found := _SPLIT.fullmatch(key):
            series, day = found.groups()
            self.cuts[series] = min(day, self.cuts.get(series, day))
        rules = event.get("recurrence")
        for rule in rules if isinstance(rules, list) else ():
            if isinstance(rule, str) and (until := _UNTIL.match(rule)):
                self.cuts[key] = min(until[1], self.cuts.get(key, until[1]))

    def _cut_off(self) -> list[str]:
        """The exceptions that we hold of a series beyond where it was cut.

        Google may never name them again, though what takes the series up has occurrences there.
        """
        return [
            href
            for href in self.sheet.known
            if (found := _OCCURRENCE.fullmatch(href)) and found[2] >= self.cuts.get(found[1], "9")
        ]

    def _take_missing(self, href: str, event: JsonObject) -> bool:
        if event.get("status") == "cancelled" or text(event, "id") != href:
            return False
        self.take(event)
        return True

    def _file(self, event: JsonObject, uid: str | None) -> None:
        key = text(event, "id")
        if key:
            self.live.add(key)
        if self.collection.is_shared:
            event = {**event, CALENDAR_KEY: {"isOwn": False}}

        def make(href: str, etag: str, body: bytes) -> Item:
            event_parser.check(event, self.zone)
            return Item(href, uid or href, "event", etag, MEDIA_TYPE, body)

        self.sheet.take(event, key, make)

    def _ask_uid(self, master: str) -> str:
        """The iCalUID of a series of which only a cancelled occurrence has come."""
        request = self._get(master, "id,iCalUID")
        found = self.session.find(request, f"reading an event of {self.collection.name}")
        # Born at Google, an event's iCalUID is its id at google.com.
        return (uid_of(found) if found else None) or f"{master}@google.com"

    def _get(self, key: str, fields: str) -> Any:
        calendar = self.collection.href.removeprefix(PREFIX)
        events = self.session.service("calendar").events()
        return events.get(calendarId=calendar, eventId=key, fields=fields)

    def _exceptions(self) -> dict[str, list[str]]:
        """Series → the exceptions that we hold of it, up to where it was split.

        Their ids are the series' id with the original start; "this and following" starts a series
        `…_R<start>`, whose exceptions may go by the first series' id.
        """
        splits: dict[str, str] = {}
        for href in self.sheet.known:
            if found := _SPLIT.fullmatch(href):
                series, start = found.groups()
                splits[series] = min(start, splits.get(series, start))
        exceptions: dict[str, list[str]] = {}
        for href in self.sheet.known:
            found = _OCCURRENCE.fullmatch(href)
            if found and found[2] < splits.get(found[1], "9"):
                exceptions.setdefault(found[1], []).append(href)
        return exceptions


def _entries(session: "GoogleSession") -> list[JsonObject]:
    """The account's calendar list; an account without Calendar has an empty one."""
    found: list[JsonObject] = []
    try:
        for answer, _ in pages(
            session,
            session.service("calendar").calendarList().list,
            "listing calendars",
            maxResults=min(LARGEST_LIST_PAGE, session.limits.largest_page),
            showHidden=True,
            fields=LIST_FIELDS,
        ):
            found += listed(answer, "items")
    except SourceError as error:
        cause = error.__cause__
        if not (isinstance(cause, Refused) and "notACalendarUser" in cause.refusal.reasons):
            raise
    return [entry for entry in found if entry.get("id") and not entry.get("deleted")]


def _default(entries: list[JsonObject]) -> list[JsonObject]:
    ticked = [entry for entry in entries if entry.get("selected")]
    if not ticked:
        return [entry for entry in entries if entry.get("primary")]
    return [entry for entry in ticked if entry.get("accessRole") in WRITERS]


def _named(entries: list[JsonObject], chosen: tuple[str, ...]) -> list[JsonObject]:
    found = {entry["id"]: entry for name in chosen for entry in entries if _is_named(entry, name)}
    return list(found.values())


def _is_named(entry: JsonObject, name: str) -> bool:
    return name in {entry["id"], _name(entry), entry.get("summary")} or (
        name == "primary" and bool(entry.get("primary"))
    )


def _missing(entries: list[JsonObject], chosen: tuple[str, ...], source: str) -> list[Trouble]:
    """What the config names and the account does not have."""
    troubles = []
    there = ", ".join(sorted(_name(entry) for entry in entries)) or "none"
    for name in chosen:
        if not any(_is_named(entry, name) for entry in entries):
            what = f"this Google account has no calendar {name!r}. It has: {there}"
            error = SourceError(
                f"[source.{source}] calendars: {what}.",
                hint=f"Correct calendars in [source.{source}].",
                refusal=what,
            )
            troubles.append(Trouble(Collection(PREFIX + name, name, KINDS), error))
    return troubles


def _collection(entry: JsonObject) -> Collection:
    return Collection(
        href=PREFIX + entry["id"],
        name=_name(entry),
        kinds=KINDS,
        is_read_only=True,
        is_shared=not entry.get("primary"),
    )


def _name(entry: JsonObject) -> str:
    return entry.get("summaryOverride") or entry.get("summary") or str(entry["id"])
