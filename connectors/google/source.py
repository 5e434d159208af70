"""A Google account: contacts, calendars, and Google Tasks as a place for our tasks.

The three APIs share one login and one count of requests (`http.GoogleSession`), which is made
when it is first needed.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from connectors.contract import (
    Access,
    Collection,
    Item,
    Listing,
    Page,
    TaskDraft,
    TaskForm,
    Trouble,
)
from connectors.errors import KithbookError, LoginError, SourceError, SourceUnreachable
from connectors.google import calendar, contacts, token_file
from connectors.google.error_answers import Refused
from connectors.google.options import GoogleOptions, Limits, check_endpoint, scopes

if TYPE_CHECKING:
    from connectors.google.http import GoogleSession
    from connectors.google.task_list import GoogleTasks


ALL_CALENDARS = Collection("calendars", "all calendars", frozenset({"event"}))
"""The place where the trouble is when they cannot be listed."""


class Google:
    """Connector and TaskTarget."""

    Options: ClassVar[type[GoogleOptions]] = GoogleOptions

    def __init__(
        self, options: GoogleOptions, access: Access, limits: Limits | None = None
    ) -> None:
        self._options = options
        self._access = access
        self._limits = limits or Limits()
        self._endpoint = (
            check_endpoint(options.api_endpoint, access.source) if options.api_endpoint else None
        )

    @property
    def requests_made(self) -> int:
        """How many requests this run has sent to Google so far."""
        return self._session.requests_made if "_session" in self.__dict__ else 0

    @property
    def request_budget(self) -> int:
        """How many a run may send."""
        return self._options.requests_a_run

    def collections(self) -> list[Collection]:
        """Contacts, other contacts if asked for, the calendars, and the list of our tasks.

        :raises LoginError, SourceUnreachable, SourceError: a part of it that the config names, or
            every calendar, cannot be listed.
        """
        listing = self.listing()
        if listing.troubles:
            raise listing.troubles[0].error
        return list(listing.chosen)

    def listing(self) -> Listing:
        """See `Choosing.listing`. Each of the three APIs may be refused by itself."""
        options = self._options
        books = [contacts.CONTACTS]
        if options.other_contacts:
            books.append(contacts.OTHER_CONTACTS)
        out = [one for one in books if {one.name, one.href} & {*options.left_out}]
        troubles: list[Trouble] = []
        calendars, tasks = Listing([]), None
        session = self._session
        with _noted(troubles, ALL_CALENDARS):
            calendars = calendar.listing(session, options.calendars, options.left_out)
        name = self._access.task_list
        if name is not None:
            with _noted(troubles, Collection("tasks", name, frozenset({"task"}))):
                tasks = self._tasks.find_list(name, self._access.task_list_href)
        own = [one for one in books if one not in out]
        found_list = [tasks] if tasks else []
        return Listing(
            chosen=[*own, *calendars.chosen, *found_list],
            hidden=calendars.hidden,
            left_out=[*out, *calendars.left_out],
            directories=[] if options.other_contacts else [contacts.OTHER_CONTACTS],
            named=calendars.named
            | {one.href for one in (*own, *found_list)}
            | {one.collection.href for one in (*calendars.troubles, *troubles)},
            troubles=[*calendars.troubles, *troubles],
        )

    def is_there(self, collection: Collection) -> bool:
        """See `Addressed.is_there`."""
        if collection.kinds == {"event"}:
            return calendar.is_there(self._session, collection)
        return True

    def pull(
        self, collection: Collection, cursor: str | None, known: Mapping[str, str]
    ) -> Iterator[Page]:
        """See `Connector.pull`."""
        if collection.kinds == {"contact"}:
            return contacts.pull(self._session, collection, cursor, known)
        if collection.kinds == {"event"}:
            zone = self._access.zone
            return calendar.pull(self._session, collection, cursor, known, zone)
        if collection.kinds == {"task"}:
            return self._tasks.pull(collection, cursor, known)
        raise SourceError(f"[source.{self._access.source}] has no collection {collection.href}.")

    def task_list(self, name: str, form: TaskForm) -> Collection:
        """See `TaskTarget.task_list`."""
        return self._tasks.task_list(name, form, self._access.task_list_href)

    def find(
        self, collection: Collection, uid: str, href: str | None
    ) -> tuple[Collection, Item] | None:
        """See `TaskTarget.find`."""
        return self._tasks.find(collection, uid, href)

    def put(
        self, collection: Collection, draft: TaskDraft, href: str | None, etag: str | None
    ) -> Item:
        """See `TaskTarget.put`."""
        return self._tasks.put(collection, draft, href, etag)

    def withdraw(self, collection: Collection, draft: TaskDraft, href: str, etag: str) -> None:
        """See `TaskTarget.withdraw`: a deleted task can be asked for, and says that we did it."""
        del draft
        self._tasks.delete(collection, href, etag)

    def delete(self, collection: Collection, href: str, etag: str) -> None:
        """See `TaskTarget.delete`."""
        self._tasks.delete(collection, href, etag)

    @cached_property
    def _session(self) -> "GoogleSession":
        from connectors.google.http import GoogleSession  # the client library takes 250 ms

        access, options = self._access, self._options
        return GoogleSession(
            access.source,
            token_file.token_path(options, access.folder, access.source),
            scopes=scopes(options, writes_tasks=access.task_list is not None),
            limits=self._limits,
            budget=options.requests_a_run,
            endpoint=self._endpoint,
        )

    @cached_property
    def _tasks(self) -> "GoogleTasks":
        from connectors.google.task_list import GoogleTasks

        return GoogleTasks(self._session)


@contextmanager
def _noted(troubles: list[Trouble], place: Collection) -> Iterator[None]:
    """What one of the APIs says no to is the trouble of that place.

    :raises LoginError, SourceUnreachable: it is not of one API: no login, no answer.
    """
    try:
        yield
    except KithbookError as error:
        is_whole = isinstance(error, LoginError) or (
            isinstance(error, SourceUnreachable) and not isinstance(error.__cause__, Refused)
        )
        if is_whole and not error.refusal:
            raise
        troubles.append(Trouble(place, error))
