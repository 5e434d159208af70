"""An account on a CalDAV and CardDAV server: meetings, address books and the task list.

What is asked when is in `dav_pull`, how in `dav`, where in `dav_account`; writing tasks is in
`caldav_tasks`. Here the parts come together as one source.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar
from zoneinfo import ZoneInfo

from connectors.contract import (
    TASK_UID_PREFIX,
    Access,
    Collection,
    Item,
    Kind,
    Listing,
    Page,
    Reject,
    TaskDraft,
    TaskForm,
    Trouble,
)
from connectors.dav import multistatus
from connectors.dav.carddav import CardReader
from connectors.dav.client import Dav, DavPatience, Forbidden
from connectors.dav.discovery import (
    Homes,
    ServerCollection,
    ServerListing,
    find_homes,
    homes_of,
    list_homes,
    text_of,
)
from connectors.dav.multiget import GONE
from connectors.dav.server_quirks import ways_of
from connectors.dav.sync_collection import BodyReader, Puller, Tag
from connectors.dav.task_list import COMPONENT, TaskList, named_list
from connectors.errors import KithbookError, SourceError, SourceUnreachable
from connectors.trusted_hosts import check_hosts

MEDIA_TYPE = "text/calendar"
COMPONENTS = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"})
_LINE = re.compile(rb"[^\r\n]+(?:\r?\n[ \t][^\r\n]*)*")
_FOLD = re.compile(rb"\r?\n[ \t]")
_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class CalDavOptions:
    """The keys of a section with type = "caldav"."""

    url: str
    username: str
    password_command: tuple[str, ...] = ()
    password_env: str | None = None
    insecure: bool = False
    hosts: tuple[str, ...] = ()
    """Further hosts that the password may be sent to."""
    ca_file: str | None = None
    """What the server's certificate is checked with instead of the system's authorities."""
    calendars: tuple[str, ...] = ()
    """By name; all that hold events when empty."""
    address_books: tuple[str, ...] | None = None
    """By name; none when empty. All but directories of other people when not given."""
    left_out: tuple[str, ...] = field(default=(), metadata={"key": "except"})
    """Calendars and address books that are not read, by name."""

    def check(self, where: str) -> None:
        """See that what is said can be meant so.

        :param where: the section, for messages.
        :raises ConfigError: it cannot.
        """
        check_hosts(where, self.hosts)


class CalDav:
    """Connector and TaskTarget; see connectors/contract.py."""

    Options: ClassVar[type[CalDavOptions]] = CalDavOptions

    def __init__(
        self, options: CalDavOptions, access: Access, patience: DavPatience | None = None
    ) -> None:
        self._options = options
        self._access = access
        self._dav = Dav(
            access.source,
            options.url,
            options.username,
            access.secret,
            insecure=options.insecure,
            patience=patience or DavPatience(),
            hosts=options.hosts,
            ca_file=options.ca_file,
        )
        self._homes: Homes | None = None
        self._is_recalled = False
        """The homes are those of an earlier run."""
        self._listed: list[ServerCollection] = []
        self._troubles: list[Trouble] = []
        self._tags: dict[str, Tag | None] = {}
        """As the last listing had them, each used once: a pull that follows needs no request."""

    def collections(self) -> list[Collection]:
        """The chosen calendars, the address books, and the task list where there is one.

        :raises SourceError: a calendar or address book of the config is not there.
        """
        listing = self.listing()
        for trouble in listing.troubles:
            if trouble.collection.href in listing.named:
                raise trouble.error
        return list(listing.chosen)

    def listing(self) -> Listing:
        """See `Choosing.listing`."""
        places = self._places()
        calendars = [one for one in places if not one.is_book]
        books = [one for one in places if one.is_book]
        with_events = [one for one in calendars if "VEVENT" in one.components]
        options = self._options
        own = [one for one in books if not one.is_directory]
        wanted = [
            *self._chosen(with_events, with_events, options.calendars or None),
            *self._chosen(own, books, options.address_books),
        ]
        name = self._access.task_list
        listed = None if name is None else self._list(calendars, name)
        tasks = [] if listed is None else [listed]
        kinds: dict[str, set[Kind]] = {one.key: set() for one in (*wanted, *tasks)}
        for place in wanted:
            kinds[place.key].add("contact" if place.is_book else "event")
        for place in tasks:
            kinds[place.key].add("task")
        by_key = {one.key: one for one in places}
        others = [one for one in (*with_events, *books) if one.key not in kinds]
        is_ours = options.address_books is None
        directories = [one for one in others if one.is_directory and is_ours]
        missing = [
            *self._missing("calendars", options.calendars, with_events),
            *self._missing("address_books", options.address_books or (), books),
        ]
        called = (*options.calendars, *(options.address_books or ()))
        named = {one.key for one in wanted if any(is_named(one, name) for name in called)}
        named |= {one.collection.href for one in missing} | {one.key for one in tasks}
        return Listing(
            chosen=[collection(by_key[key], frozenset(found)) for key, found in kinds.items()],
            left_out=[_as_listed(one) for one in others if one not in directories],
            directories=[_as_listed(one) for one in directories],
            unwanted=frozenset({"contact"} if options.address_books == () else set()),
            named=frozenset(named),
            troubles=[*self._troubles, *missing],
        )

    def is_there(self, collection: Collection) -> bool:
        """See `Addressed.is_there`."""
        with _about_one():
            answer = self._dav.request(
                "PROPFIND",
                self._dav.join(collection.href),
                multistatus.propfind(["resourcetype"]),
                {"Depth": "0"},
                takes={207, *GONE},
            )
            found = self._dav.parse(answer).responses if answer.status == 207 else []
        return any(one.status not in GONE for one in found)

    def pull(
        self, collection: Collection, cursor: str | None, known: Mapping[str, str]
    ) -> Iterator[Page]:
        """See `Connector.pull`."""
        puller = self._puller(collection)
        with _about_one():
            is_listed = collection.href in self._tags
            tag = self._tags.pop(collection.href, None)
            if not is_listed or collection.is_shared or collection.is_read_only:
                # the home may go on listing for years what its owner shares no more
                tag = puller.tag()
            yield from puller.pull(cursor, known, tag)

    def task_list(self, name: str, form: TaskForm) -> Collection:
        """See `TaskTarget.task_list`."""
        places = self._listed
        if self._list(places, name) is None:
            places = self._places()
        found = self._list(places, name)
        if found is None:
            for trouble in self._troubles:
                if "task" in trouble.collection.kinds:
                    raise trouble.error  # it may be there all the same: not to be made twice
        place = TaskList(self._dav).use_or_make(found, self._found_homes(), name, form)
        kinds: set[Kind] = {"task"}
        chosen = self._options.calendars
        if "VEVENT" in place.components and self._chosen([place], [place], chosen or None):
            kinds.add("event")
        return collection(place, frozenset(kinds))

    def find(
        self, collection: Collection, uid: str, href: str | None
    ) -> tuple[Collection, Item] | None:
        """See `TaskTarget.find`."""
        lists = [one for one in self._listed or self._places() if not one.is_book]
        lists.sort(key=lambda one: (one.key != collection.href, one.key))
        for place in lists:
            one = _as_task_list(place)
            was = href if one.href == collection.href else None
            components = place.components & {*COMPONENT.values()}
            try:
                item = TaskList(self._dav).find(self._puller(one), uid, was, components)
            except KithbookError as error:
                if not error.refusal or was:
                    raise
                continue  # a calendar of somebody else's that is shut has no say in it
            if item:
                return one, item
        return None

    def put(
        self, collection: Collection, draft: TaskDraft, href: str | None, etag: str | None
    ) -> Item:
        """See `TaskTarget.put`."""
        self._tags.pop(collection.href, None)
        puller = self._puller(collection)
        return TaskList(self._dav).put(puller, draft, href, etag)

    def withdraw(self, collection: Collection, draft: TaskDraft, href: str, etag: str) -> Item:
        """See `TaskTarget.withdraw`: what is deleted on a server tells nothing any more."""
        return self.put(collection, draft, href, etag)

    def delete(self, collection: Collection, href: str, etag: str) -> None:
        """See `TaskTarget.delete`."""
        self._tags.pop(collection.href, None)
        puller = self._puller(collection)
        TaskList(self._dav).delete(puller, href, etag)

    def recall(self, way: str) -> None:
        """See `Remembering.recall`."""
        self._homes = homes_of(way, self._mark, self._dav)
        self._is_recalled = self._homes is not None

    def look_again(self) -> bool:
        """See `Remembering.look_again`."""
        if not self._is_recalled:
            return False
        self._homes, self._is_recalled = None, False
        return True

    def way(self) -> str | None:
        """See `Remembering.way`."""
        homes = self._homes
        if homes is None or self._troubles or not self._listed:
            return None
        is_whole = homes.calendars and (homes.books or not self._wants_books)
        return text_of(homes, self._mark) if is_whole else None

    def ways(self) -> list[str]:
        """See `Peculiar.ways`."""
        return ways_of(*self._dav.answered)

    def _list(self, places: Sequence[ServerCollection], name: str) -> ServerCollection | None:
        """The list of our tasks: where it was, whatever it is called by now, else by its name."""
        was = self._access.task_list_href
        by_id = (one for one in places if one.key == was and not one.is_book)
        return next(by_id, None) or named_list(places, name)

    def _puller(self, collection: Collection) -> Puller:
        url = self._dav.join(collection.href)
        return Puller(self._dav, url, reader(collection, self._access.zone))

    @property
    def _wants_books(self) -> bool:
        return self._options.address_books != ()

    @property
    def _mark(self) -> tuple[str, str, bool]:
        """What decides where the homes are."""
        return self._options.url, self._options.username, self._wants_books

    def _found_homes(self) -> Homes:
        if self._homes is None:
            self._homes = find_homes(self._dav, want_books=self._wants_books)
        return self._homes

    def _list_homes(self) -> ServerListing:
        """What is in them. Those of an earlier run may have moved: then they are looked for."""
        if not self._is_recalled:
            return list_homes(self._dav, self._found_homes())
        try:
            places = list_homes(self._dav, self._found_homes())
        except SourceUnreachable:
            raise
        except (SourceError, Forbidden):
            places = ServerListing([], [])
        if places.found and not places.troubles:
            return places
        self.look_again()
        return list_homes(self._dav, self._found_homes())

    def _places(self) -> list[ServerCollection]:
        places = self._list_homes()
        self._listed, self._troubles = places.found, places.troubles
        self._tags = {one.key: one.tag for one in self._listed}
        return self._listed

    def _chosen(
        self,
        default: Sequence[ServerCollection],
        places: Sequence[ServerCollection],
        names: Sequence[str] | None,
    ) -> list[ServerCollection]:
        """Those of these names, the default without names; never what the config leaves out."""
        found = default if names is None else [one for one in places if _is_any(one, names)]
        return [one for one in found if not _is_any(one, self._options.left_out)]

    def _missing(
        self, key: str, names: Sequence[str], places: Sequence[ServerCollection]
    ) -> Iterator[Trouble]:
        """What the config names and the server does not list."""
        source, there = self._access.source, ", ".join(f'"{one.name}"' for one in places)
        kind: Kind = "contact" if key == "address_books" else "event"
        for name in names:
            if any(is_named(one, name) for one in places):
                continue
            what = f'the server has no "{name}" among its {key.replace("_", " ")}'
            error = SourceError(
                f"{source}: {what}; there are: {there or 'none'}",
                hint=f"correct {key} in [source.{source}]",
                refusal=f"{what}; there are: {there or 'none'}",
            )
            yield Trouble(Collection(f"{key}/{name}", name, frozenset({kind})), error)


@contextmanager
def _about_one() -> Iterator[None]:
    """A refusal within is of one collection: neither the login nor the url is to be checked."""
    try:
        yield
    except KithbookError as error:
        if error.refusal:
            error.hint = ""
        raise


def collection(place: ServerCollection, kinds: frozenset[Kind]) -> Collection:
    """A place of the server as the core knows it."""
    return Collection(
        place.key, place.name, kinds, place.is_read_only, place.is_shared, place.is_directory
    )


def _as_task_list(place: ServerCollection) -> Collection:
    return collection(place, frozenset({"task"}))


def _as_listed(place: ServerCollection) -> Collection:
    return collection(place, frozenset({"contact" if place.is_book else "event"}))


def _is_any(place: ServerCollection, names: Sequence[str]) -> bool:
    return any(is_named(place, name) for name in names)


def is_named(place: ServerCollection, name: str) -> bool:
    """By its display name, or by the last part of its path."""
    return name in (place.name, place.key.rstrip("/").rpartition("/")[2])


def reader(collection: Collection, zone: ZoneInfo) -> BodyReader:
    """What makes items of a collection's bodies."""
    if "contact" in collection.kinds:
        return CardReader()
    return CalendarReader("event" in collection.kinds, "task" in collection.kinds, zone)


@dataclass(frozen=True, slots=True)
class CalendarReader:
    """One resource holds the components of one UID (RFC 4791 section 4.1)."""

    has_events: bool
    has_tasks: bool
    zone: ZoneInfo
    report: ClassVar[str] = "C:calendar-multiget"
    content: ClassVar[str] = "C:calendar-data"

    def read(self, href: str, etag: str, body: bytes) -> tuple[Item | None, Sequence[Reject]]:
        """See `dav_pull.Reader`. An event of ours in the task list is a task."""
        component, uid = glance(body)
        if component is None:
            return None, [Reject("it is not an iCalendar object", href, content=body)]
        is_ours = (uid or "").startswith(TASK_UID_PREFIX)
        if self.has_tasks and (component == "VTODO" or (component == "VEVENT" and is_ours)):
            return read_task(href, etag, body, self.zone)
        if self.has_events and component == "VEVENT":
            return Item(href, uid, "event", etag, MEDIA_TYPE, body), []
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
    return Item(href, task.uid, "task", etag, MEDIA_TYPE, body, task=task), []


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
