"""An account on a CalDAV and CardDAV server: meetings, address books and the task list.

Here the parts come together as one source: how it is asked is in `client`, where in `discovery`,
which collections in `chosen_collections`, when in `sync_collection`, what comes in `body_readers`;
writing tasks is in `task_list`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import ClassVar

from connectors.contract import (
    Access,
    Collection,
    Item,
    Kind,
    Listing,
    Page,
    TaskDraft,
    TaskForm,
    Trouble,
)
from connectors.dav import multistatus
from connectors.dav.body_readers import reader
from connectors.dav.chosen_collections import CollectionChoice, collection_of
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
from connectors.dav.options import CalDavOptions
from connectors.dav.server_quirks import ways_of
from connectors.dav.sync_collection import Puller, Tag
from connectors.dav.task_list import COMPONENT, TaskList, named_list
from connectors.errors import KithbookError, SourceError, SourceUnreachable


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
        self._choice = CollectionChoice(access.source, options)
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
        name = self._access.task_list
        calendars = [one for one in places if not one.is_book]
        tasks = None if name is None else self._list(calendars, name)
        return self._choice.listing(places, tasks, self._troubles)

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
        if self._choice.has_events_of(place):
            kinds.add("event")
        return collection_of(place, frozenset(kinds))

    def find(
        self, collection: Collection, uid: str, href: str | None
    ) -> tuple[Collection, Item] | None:
        """See `TaskTarget.find`."""
        lists = [one for one in self._listed or self._places() if not one.is_book]
        lists.sort(key=lambda one: (one.key != collection.href, one.key))
        for place in lists:
            one = collection_of(place, frozenset({"task"}))
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


@contextmanager
def _about_one() -> Iterator[None]:
    """A refusal within is of one collection: neither the login nor the url is to be checked."""
    try:
        yield
    except KithbookError as error:
        if error.refusal:
            error.hint = ""
        raise
