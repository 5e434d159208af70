"""What stands in the local Google's account, and how its lists are read: pages, sync tokens."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.fake_google.discovery import Call, Json


class Refusal(Exception):
    """An answer that is not a success, in Google's words."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status, self.reason, self.message = status, reason, message


@dataclass
class Feed:
    """Resources of one collection, and the order in which they changed."""

    live: dict[str, Json] = field(default_factory=dict)
    tombstones: dict[str, Json] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    def put(self, key: str, resource: Json) -> None:
        self.live[key] = resource
        self.tombstones.pop(key, None)
        self.log.append(key)

    def remove(self, key: str, tombstone: Json) -> None:
        del self.live[key]
        self.tombstones[key] = tombstone
        self.log.append(key)

    def since(self, number: int) -> list[Json]:
        keys = dict.fromkeys(self.log[number:])
        return [self.live.get(key) or self.tombstones[key] for key in keys]


@dataclass(frozen=True)
class Token:
    """A page or sync token: only good for the request it was given out for."""

    parameters: tuple[tuple[str, str], ...]
    generation: int
    remaining: list[Json]
    changes_seen: int


def _names(resource: Json) -> set[str]:
    return {str(resource[key]) for key in ("id", "resourceName") if key in resource}


class Lists:
    """Gives out lists in pages, with the rules about tokens that the documents state."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._numbers = itertools.count(1)
        self.generation = 0
        self.largest_page: int | None = None
        self.starts_with_an_empty_page = False
        self.leaves_out: set[str] = set()
        """ids and resource names that no list names, though they are there."""
        self.breaks_off = False
        """The first page of a list is its last, and has no token of either kind."""

    def expire_sync_tokens(self) -> None:
        self.generation += 1

    def answer(
        self,
        call: Call,
        feed: Feed,
        *,
        size: int,
        key: str,
        full: Callable[[], list[Json]],
        expired: Refusal,
        gives_sync_token: bool,
    ) -> Json:
        """One page; the sync token stands on the last."""
        query = dict(call.query)
        page_token, sync_token = query.pop("pageToken", None), query.pop("syncToken", None)
        parameters = tuple(sorted((name, str(value)) for name, value in query.items()))
        scope = (("path", str(sorted(call.path.items()))), *parameters)
        if page_token is not None:
            token = self._take(page_token, scope, Refusal(400, "badRequest", "bad page token"))
            remaining, seen = token.remaining, token.changes_seen
        else:
            seen = len(feed.log)
            if sync_token is not None:
                token = self._take(sync_token, scope, expired)
                if token.generation != self.generation:
                    raise expired
                remaining = feed.since(token.changes_seen)
            else:
                remaining = full()
        if self.largest_page is not None:
            size = min(size, self.largest_page)
        if self.starts_with_an_empty_page and page_token is None:
            size = 0
        remaining = [one for one in remaining if not self.leaves_out & _names(one)]
        page, remaining = remaining[:size], remaining[size:]
        answer: Json = {key: page} if page else {}
        if self.breaks_off:
            return answer
        if remaining:
            answer["nextPageToken"] = self._give(scope, remaining, seen)
        elif gives_sync_token:
            answer["nextSyncToken"] = self._give(scope, [], seen)
        return answer

    def _give(self, scope: tuple[tuple[str, str], ...], remaining: list[Json], seen: int) -> str:
        token = f"token-{next(self._numbers)}="
        self._tokens[token] = Token(scope, self.generation, remaining, seen)
        return token

    def _take(self, text: str, scope: tuple[tuple[str, str], ...], unknown: Refusal) -> Token:
        token = self._tokens.get(text)
        if token is None:
            raise unknown
        if token.parameters != scope:
            raise Refusal(400, "badRequest", "the parameters do not match the first call's")
        return token


class Account:
    """The fictional account: contacts, calendars, task lists, and the hands of its user."""

    def __init__(self, email: str = "ana@example.org") -> None:
        self.email = email
        self.lists = Lists()
        self.people = Feed()
        self.others = Feed()
        self.groups: dict[str, Json] = {}
        self.calendars: dict[str, Json] = {}
        self.events: dict[str, Feed] = {}
        self.task_lists: dict[str, Json] = {}
        self.tasks: dict[str, dict[str, Json]] = {}
        self.has_calendar = True
        self._numbers = itertools.count(1)
        self._clock = datetime(2026, 1, 1, tzinfo=UTC)
        self.add_calendar(email, primary=True, selected=True, accessRole="owner")

    # --- people ---------------------------------------------------------------------------

    def add_person(self, key: str, **fields: Any) -> str:
        """A contact with the user's own card `key`; its resource name."""
        name = f"people/{key}"
        own = {"type": "CONTACT", "id": key, "updateTime": self._now()}
        metadata = {"sources": [own], **fields.pop("metadata", {})}
        self.people.put(name, self._stamp({"resourceName": name, "metadata": metadata, **fields}))
        return name

    def add_other(self, key: str, **fields: Any) -> str:
        name = f"otherContacts/{key}"
        metadata = {"sources": [{"type": "OTHER_CONTACT", "id": key}]}
        self.others.put(name, self._stamp({"resourceName": name, "metadata": metadata, **fields}))
        return name

    def change_person(self, name: str, **fields: Any) -> None:
        self.people.put(name, self._stamp({**self.people.live[name], **fields}))

    def delete_person(self, name: str, feed: Feed | None = None) -> None:
        tombstone = {"resourceName": name, "metadata": {"deleted": True}}
        (feed or self.people).remove(name, self._stamp(tombstone))

    def rename_person(self, name: str, key: str) -> str:
        """A profile was linked: the resource name changes, the user's own card does not."""
        person = self.people.live.pop(name)
        metadata = {**person["metadata"], "previousResourceNames": [name]}
        new = f"people/{key}"
        changed = {**person, "resourceName": new, "metadata": metadata}
        self.people.put(new, self._stamp(changed))
        return new

    def add_group(
        self, key: str, name: str, kind: str = "USER_CONTACT_GROUP", *, shown: str | None = None
    ) -> str:
        """`shown`: what the account's language calls a group of Google's own."""
        resource = f"contactGroups/{key}"
        group = {"resourceName": resource, "name": name, "groupType": kind}
        group["formattedName"] = shown or name
        self.groups[resource] = self._stamp(group)
        return resource

    # --- calendars ------------------------------------------------------------------------

    def add_calendar(self, key: str, **fields: Any) -> str:
        entry = {"kind": "calendar#calendarListEntry", "id": key, "summary": key, **fields}
        self.calendars[key] = self._stamp(entry)
        self.events[key] = Feed()
        return key

    def add_event(self, key: str, calendar: str | None = None, **fields: Any) -> str:
        event = {
            "kind": "calendar#event",
            "id": key,
            "status": "confirmed",
            "iCalUID": f"{key}@google.com",
            "created": self._now(),
            "updated": self._now(),
            "eventType": "default",
            "sequence": 0,
            **fields,
        }
        self.put_event(event, calendar)
        return key

    def put_event(self, event: Json, calendar: str | None = None) -> None:
        """As it is, with a new etag: for what only Google itself writes."""
        self.events[calendar or self.email].put(event["id"], self._stamp(event))

    def change_event(self, key: str, calendar: str | None = None, **fields: Any) -> None:
        event = self.events[calendar or self.email].live[key]
        self.put_event({**event, "updated": self._now(), **fields}, calendar)

    def delete_event(self, key: str, calendar: str | None = None) -> None:
        tombstone = {"kind": "calendar#event", "id": key, "status": "cancelled"}
        self.events[calendar or self.email].remove(key, self._stamp(tombstone))

    # --- tasks ----------------------------------------------------------------------------

    def add_task_list(self, title: str) -> str:
        key = f"list{next(self._numbers)}"
        self.task_lists[key] = self._stamp({"kind": "tasks#taskList", "id": key, "title": title})
        self.tasks[key] = {}
        return key

    def add_task(self, task_list: str, **fields: Any) -> Json:
        key = f"task{next(self._numbers)}"
        task = {"kind": "tasks#task", "id": key, "status": "needsAction", **fields}
        return self.put_task(task_list, task)

    def put_task(self, task_list: str, task: Json) -> Json:
        task = self._stamp({**task, "updated": self._now()})
        self.tasks[task_list][task["id"]] = task
        return task

    def change_task(self, task_list: str, key: str, **fields: Any) -> Json:
        task = {**self.tasks[task_list][key], **fields}
        if task["status"] == "completed":
            task.setdefault("completed", self._now())
        else:
            task.pop("completed", None)
        return self.put_task(
            task_list, {name: value for name, value in task.items() if value is not None}
        )

    # --- numbers --------------------------------------------------------------------------

    def _stamp(self, resource: Json) -> Json:
        return {**resource, "etag": f'"{next(self._numbers)}"'}

    def _now(self) -> str:
        self._clock += timedelta(seconds=1)
        return self._clock.strftime("%Y-%m-%dT%H:%M:%S.000Z")
