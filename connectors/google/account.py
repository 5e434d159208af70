"""A Google account: contacts, calendars, and Google Tasks as a place for our tasks.

The three APIs share one login and one count of requests (`google_http.Session`), which is made
when it is first needed.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from connectors.google import calendar as google_calendar
from connectors.google import contacts as google_contacts
from connectors.google import token as google_token
from connectors.google.options import GoogleOptions, Limits, check_endpoint, scopes
from pipeline.errors import SourceError
from pipeline.records import Access, Collection, Item, Page, TaskDraft, TaskForm

if TYPE_CHECKING:
    from connectors.google.http import Session
    from connectors.google.tasks import Tasks


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
        """Contacts, other contacts if asked for, the calendars, and the list of our tasks."""
        found = [google_contacts.CONTACTS]
        if self._options.other_contacts:
            found.append(google_contacts.OTHER_CONTACTS)
        found += google_calendar.collections(self._session, self._options.calendars)
        if self._access.task_list is not None:
            tasks = self._tasks.find_list(self._access.task_list)
            found += [tasks] if tasks else []
        return found

    def pull(
        self, collection: Collection, cursor: str | None, known: Mapping[str, str]
    ) -> Iterator[Page]:
        """See `Connector.pull`."""
        if collection.kinds == {"contact"}:
            return google_contacts.pull(self._session, collection, cursor, known)
        if collection.kinds == {"event"}:
            zone = self._access.zone
            return google_calendar.pull(self._session, collection, cursor, known, zone)
        if collection.kinds == {"task"}:
            return self._tasks.pull(collection, cursor, known)
        raise SourceError(f"[source.{self._access.source}] has no collection {collection.href}.")

    def task_list(self, name: str, form: TaskForm) -> Collection:
        """See `TaskTarget.task_list`."""
        return self._tasks.task_list(name, form)

    def put(
        self, collection: Collection, draft: TaskDraft, href: str | None, etag: str | None
    ) -> Item:
        """See `TaskTarget.put`."""
        return self._tasks.put(collection, draft, href, etag)

    def delete(self, collection: Collection, href: str, etag: str) -> None:
        """See `TaskTarget.delete`."""
        self._tasks.delete(collection, href, etag)

    @cached_property
    def _session(self) -> "Session":
        from connectors.google.http import Session  # the client library takes 250 ms

        access, options = self._access, self._options
        return Session(
            access.source,
            google_token.token_path(options, access.folder, access.source),
            scopes=scopes(options, writes_tasks=access.task_list is not None),
            limits=self._limits,
            budget=options.requests_a_run,
            endpoint=self._endpoint,
        )

    @cached_property
    def _tasks(self) -> "Tasks":
        from connectors.google.tasks import Tasks

        return Tasks(self._session)
