"""Writing our tasks into a list on a CalDAV server.

Servers differ in what they make of preconditions (SOGo ignores If-None-Match and, on DELETE,
If-Match) and of bodies (some rewrite them, with or without a new etag): so every write is
preceded by a read and followed by one, and the preconditions are sent besides.
"""

import re
import unicodedata
import uuid
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urljoin

from connectors.contract import Item, TaskDraft, TaskForm
from connectors.dav import multistatus
from connectors.dav.client import Dav
from connectors.dav.discovery import Homes, ServerCollection, list_places
from connectors.dav.multiget import GONE, ListedItem
from connectors.dav.multistatus import canonical
from connectors.dav.sync_collection import Puller
from connectors.errors import ItemConflict, ItemGone, SourceError, SourceUnreachable
from connectors.http import HttpAnswer
from connectors.retry_after_and_date import header

COMPONENT: dict[TaskForm, str] = {"task": "VTODO", "event": "VEVENT"}
CONTENT_TYPE = {"Content-Type": "text/calendar; charset=utf-8"}
NAMES = uuid.UUID("6f6f4a0c-6f2b-5b53-9d7e-3a5c1f3c9a11")
LOST = frozenset({500, 502, 504})
"""The server or a proxy before it failed, maybe after the work was done: that is looked up."""


@dataclass(frozen=True, slots=True)
class TaskList:
    """What can be done to the list of an account."""

    dav: Dav

    def use_or_make(
        self, found: ServerCollection | None, homes: Homes, name: str, form: TaskForm
    ) -> ServerCollection:
        """The list as it was found, or made for tasks (or events) only.

        :raises SourceError: it is there and cannot hold them, or cannot be made.
        """
        source = self.dav.source
        if found is not None and found.is_read_only:
            raise SourceError(
                f'{source}: the list "{name}" is read-only for this account; nothing was written',
                hint="name another list in [tasks]",
            )
        if found is not None and COMPONENT[form] in found.components:
            return found
        if found is not None:
            what = "tasks" if form == "task" else "events"
            other = ' or as = "event"' if form == "task" else ""
            raise SourceError(
                f'{source}: the calendar "{name}" cannot hold {what}; nothing was written',
                hint=f"name another list in [tasks]{other}",
            )
        if not homes.calendars:
            raise SourceError(
                f"{source}: {self.dav.host} has no place for calendars; nothing was written",
                hint="name another source in [tasks]",
            )
        return self._make(homes, name, form)

    def _make(self, homes: Homes, name: str, form: TaskForm) -> ServerCollection:
        """MKCALENDAR at a path that follows from the name, so that it cannot be made twice."""
        url = f"{homes.calendars[0].rstrip('/')}/{path_segment(name)}/"
        answer = self.dav.request(
            "MKCALENDAR",
            url,
            multistatus.mkcalendar(name, COMPONENT[form]),
            takes={200, 201, 204, 403, 405, 409, 415, 501},
        )
        # servers also refuse (403, 405, 409) to make what is there already
        places = list_places(self.dav, homes)
        place = next((one for one in places if one.key == self.dav.key(url)), None)
        if place is None:
            raise SourceError(
                f'{self.dav.source}: {self.dav.host} did not make a list "{name}"'
                f" ({answer.status}); nothing was written",
                hint=f'make a list named "{name}" in your calendar app, or set as = "event"',
            )
        if place.name != name:
            raise SourceError(
                f'{self.dav.source}: the list "{name}" is now named "{place.name}" on the server;'
                " nothing was written",
                hint=f'set list = "{place.name}" in [tasks], or name it back',
            )
        return place

    def put(self, puller: Puller, draft: TaskDraft, href: str | None, etag: str | None) -> Item:
        """See `TaskTarget.put`."""
        if href is None or etag is None:
            return self._create(puller, draft)
        return self._update(puller, draft, href, etag)

    def _create(self, puller: Puller, draft: TaskDraft) -> Item:
        from connectors import ical

        href = canonical(puller.url) + quote(draft.uid, safe="") + ".ics"
        existing = self._read(puller, href)
        if existing is not None:
            return existing
        answer = self.dav.request(
            "PUT",
            self.dav.join(href, puller.url),
            ical.write_task(draft, None, datetime.now(UTC)),
            {**CONTENT_TYPE, "If-None-Match": "*"},
            takes={200, 201, 204, 403, 409, 412, *LOST},
        )
        written = self._read(puller, href)
        if written is None:
            # it stands under another href: the server chose one, or knew this UID already
            written = self._read_at(puller, header(answer.headers, "Location"), draft.uid)
        if written is None:
            written = self._find(puller, draft.uid, {COMPONENT[draft.form]})
        if written is not None:
            return written
        if 200 <= answer.status < 300 or answer.status in LOST:
            raise self._unknown(puller, answer)
        raise self._not_taken(puller, answer)

    def _update(self, puller: Puller, draft: TaskDraft, href: str, etag: str) -> Item:
        from connectors import ical

        current = self._read(puller, href)
        if current is None:
            raise self._gone(puller, draft.uid)
        if current.etag != etag:
            raise self._conflict(puller, draft.uid)
        body = ical.write_task(draft, current.body, datetime.now(UTC))
        if body == current.body:
            return current
        answer = self.dav.request(
            "PUT",
            self.dav.join(href, puller.url),
            body,
            {**CONTENT_TYPE, "If-Match": quoted(etag)},
            takes={200, 201, 204, 403, 404, 409, 410, 412, *LOST},
        )
        if answer.status in GONE:
            raise self._gone(puller, draft.uid)
        written = self._read(puller, href)
        if written is None:
            raise self._gone(puller, draft.uid)
        if 200 <= answer.status < 300 or (answer.status in LOST and says(written, draft)):
            return written
        if answer.status in LOST:
            raise self._unknown(puller, answer)
        if answer.status != 412:
            raise self._not_taken(puller, answer)
        if answer.was_resent and says(written, draft):
            return written  # the first answer was lost, not the request
        raise self._conflict(puller, draft.uid)

    def delete(self, puller: Puller, href: str, etag: str) -> None:
        """See `TaskTarget.delete`."""
        current = self._read(puller, href)
        if current is None:
            return
        if current.etag != etag:
            raise self._conflict(puller, current.uid or href)
        answer = self.dav.request(
            "DELETE",
            self.dav.join(href, puller.url),
            headers={"If-Match": quoted(etag)},
            takes={200, 202, 204, 404, 410, 412, *LOST},
        )
        if answer.status == 412 and self._read(puller, href) is not None:
            raise self._conflict(puller, current.uid or href)
        if answer.status in LOST and self._read(puller, href) is not None:
            raise self._unknown(puller, answer)

    def _read(self, puller: Puller, href: str) -> Item | None:
        """As it stands there, with the etag that a listing gives; None where it is not there.

        :raises SourceError: nobody knows: the server does not answer for it, or it is no task.
        """
        found = puller.bodies().fetch([ListedItem(href, href, None)])
        if found.open:
            raise SourceUnreachable(
                f"{puller.where}: {href} could not be read ({found.open[0].words}); it was left"
                " as it is",
                hint="the next sync tries again",
            )
        for received in found.received:
            if received.trouble is not None:
                raise SourceError(
                    f"{puller.where}: {href} cannot be read ({received.trouble}); it was left as"
                    " it is",
                    hint="look at it in your calendar app",
                )
            item, rejects = puller.reader.read(href, received.etag, received.body)
            if item is None or item.task is None:
                reason = rejects[0].reason if rejects else "it is not a task"
                raise SourceError(
                    f"{puller.where}: {href} cannot be read ({reason}); it was left as it is",
                    hint="look at it in your calendar app",
                )
            return item
        return None

    def find(
        self,
        puller: Puller,
        uid: str,
        href: str | None,
        components: AbstractSet[str],
    ) -> Item | None:
        """The task of this UID in one list: at its href, else wherever in the list it stands.

        :raises SourceError: nobody knows.
        """
        item = self._read(puller, href) if href else None
        return item if item and item.uid == uid else self._find(puller, uid, components)

    def _find(self, puller: Puller, uid: str, components: AbstractSet[str]) -> Item | None:
        for component in sorted(components):
            query = multistatus.find_uid(component, uid)
            for response in self.dav.report(puller.url, query, depth=1).responses:
                item = self._read(puller, response.href)
                if item is not None and item.uid == uid:
                    return item
        return None

    def _read_at(self, puller: Puller, location: str, uid: str) -> Item | None:
        """What stands at the address that an answer names, if it is this task."""
        if not location:
            return None
        item = self._read(puller, canonical(urljoin(puller.url, location)))
        return item if item is not None and item.uid == uid else None

    def _conflict(self, puller: Puller, uid: str) -> ItemConflict:
        return ItemConflict(f"{puller.where}: task {uid} was changed there meanwhile")

    def _gone(self, puller: Puller, uid: str) -> ItemGone:
        return ItemGone(f"{puller.where}: task {uid} is not there any more")

    def _unknown(self, puller: Puller, answer: HttpAnswer[bytes]) -> SourceUnreachable:
        return SourceUnreachable(
            f"{puller.where}: a task was sent (the answer was {answer.status}) and does not stand"
            " there so; it is looked for before it is sent again",
            hint="the next sync looks for it",
        )

    def _not_taken(self, puller: Puller, answer: HttpAnswer[bytes]) -> SourceError:
        condition = multistatus.precondition(answer.body)
        because = f"{answer.status}, {condition}" if condition else str(answer.status)
        return SourceError(
            f"{puller.where}: the server did not take a task ({because}); nothing was written",
            hint='name another list in [tasks], or set as = "event"',
        )


def named_list(places: Sequence[ServerCollection], name: str) -> ServerCollection | None:
    """The calendar of that name; of several, one that can hold tasks."""
    named = [one for one in places if not one.is_book and one.name == name]
    named.sort(key=lambda one: ("VTODO" not in one.components, one.key))
    return named[0] if named else None


def path_segment(name: str) -> str:
    """A path for a list: readable where the name is, and always the same for one name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
    return f"{words or 'list'}-{uuid.uuid5(NAMES, name).hex[:8]}"


def quoted(etag: str) -> str:
    """For If-Match, which takes quoted ones only (RFC 9110 section 8.8.3)."""
    return etag if etag.startswith('"') else f'"{etag}"'


def says(item: Item, draft: TaskDraft) -> bool:
    """The task stands as the draft has it."""
    task = item.task
    return task is not None and (task.title, task.due_date, task.status, task.notes) == (
        draft.title,
        draft.due_date,
        draft.status,
        draft.notes,
    )
