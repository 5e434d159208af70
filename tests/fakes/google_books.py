"""What stands in the fake Google account, and how its lists are read: pages, sync tokens, masks."""

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.discovery import Call, Json, document

SYNC_FORBIDS = (
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMin",
    "timeMax",
    "updatedMin",
)
"""events.list: cannot be given together with a sync token."""

PERSON_FIELDS = frozenset(
    re.findall(
        r"\* (\w+)",
        document("people", "v1")["resources"]["people"]["methods"]["get"]["parameters"][
            "personFields"
        ]["description"],
    )
)
OTHER_FIELDS = frozenset({"emailAddresses", "metadata", "names", "phoneNumbers", "photos"})
"""otherContacts.list: the valid values of readMask for READ_SOURCE_TYPE_CONTACT."""


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


class Lists:
    """Gives out lists in pages, with the rules about tokens that the documents state."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._numbers = itertools.count(1)
        self.generation = 0
        self.largest_page: int | None = None
        self.starts_with_an_empty_page = False

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
        page, remaining = remaining[:size], remaining[size:]
        answer: Json = {key: page} if page else {}
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

    def add_group(self, key: str, name: str, kind: str = "USER_CONTACT_GROUP") -> str:
        resource = f"contactGroups/{key}"
        group = {"resourceName": resource, "name": name, "groupType": kind}
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


def answer(account: Account, call: Call, headers: Mapping[str, str]) -> Any:
    """What Google would answer to an allowed call; None is no body at all."""
    return METHODS[call.method_id](account, call, headers)


# --- People -------------------------------------------------------------------------------


def _connections(account: Account, call: Call, _: Mapping[str, str]) -> Json:
    if call.path["resourceName"] != "people/me":
        raise Refusal(400, "INVALID_ARGUMENT", "Only people/me is valid.")
    if call.query.get("syncToken") and call.query.get("sortOrder"):
        raise Refusal(400, "INVALID_ARGUMENT", "Sort order is not allowed when syncing.")
    return _people(account, call, account.people, "connections", "personFields", PERSON_FIELDS)


def _other_contacts(account: Account, call: Call, _: Mapping[str, str]) -> Json:
    return _people(account, call, account.others, "otherContacts", "readMask", OTHER_FIELDS)


def _people(
    account: Account, call: Call, feed: Feed, key: str, mask: str, allowed: frozenset[str]
) -> Json:
    size = call.query.get("pageSize", 100) or 100
    fields = {name for name in call.query.get(mask, "").split(",") if name}
    if not fields or fields - allowed:
        raise Refusal(400, "INVALID_ARGUMENT", f"{mask}: {sorted(fields - allowed)}")
    if not 1 <= size <= 1000:
        raise Refusal(400, "INVALID_ARGUMENT", "pageSize must be 1 to 1000.")
    answer = account.lists.answer(
        call,
        feed,
        size=size,
        key=key,
        full=lambda: [_without_previous(person) for person in feed.live.values()],
        expired=Refusal(400, "EXPIRED_SYNC_TOKEN", "Sync token is expired."),
        gives_sync_token=bool(call.query.get("requestSyncToken")),
    )
    kept = fields | {"resourceName", "etag"}
    people = [
        {name: value for name, value in person.items() if name in kept}
        for person in answer.get(key, [])
    ]
    total = {"totalItems" if key == "connections" else "totalSize": len(feed.live)}
    return {**answer, **({key: people} if people else {}), **total}


def _without_previous(person: Json) -> Json:
    metadata = {k: v for k, v in person["metadata"].items() if k != "previousResourceNames"}
    return {**person, "metadata": metadata}


def _contact_groups(account: Account, call: Call, _: Mapping[str, str]) -> Json:
    groups = list(account.groups.values())
    answer = account.lists.answer(
        call,
        Feed(),
        size=call.query.get("pageSize", 30) or 30,
        key="contactGroups",
        full=lambda: groups,
        expired=Refusal(400, "EXPIRED_SYNC_TOKEN", "Sync token is expired."),
        gives_sync_token=True,
    )
    return {**answer, "totalItems": len(groups)}


# --- Calendar -----------------------------------------------------------------------------


def _calendar_list(account: Account, call: Call, _: Mapping[str, str]) -> Json:
    if not account.has_calendar:
        raise Refusal(403, "notACalendarUser", "The user must be signed up for Google Calendar.")
    entries = [
        entry
        for entry in account.calendars.values()
        if (call.query.get("showHidden") or not entry.get("hidden"))
        and (call.query.get("showDeleted") or not entry.get("deleted"))
    ]
    answer = account.lists.answer(
        call,
        Feed(),
        size=min(250, call.query.get("maxResults", 100)),
        key="items",
        full=lambda: entries,
        expired=Refusal(410, "fullSyncRequired", "Sync token is no longer valid."),
        gives_sync_token=True,
    )
    return {"kind": "calendar#calendarList", "etag": '"c"', **answer}


def _events(account: Account, call: Call, _: Mapping[str, str]) -> Json:
    calendar = call.path["calendarId"]
    if calendar not in account.events:
        raise Refusal(404, "notFound", "Not Found")
    together = [name for name in SYNC_FORBIDS if name in call.query]
    if "syncToken" in call.query and (together or call.query.get("showDeleted") is False):
        raise Refusal(400, "badRequest", f"Sync token cannot be used with {together}.")
    feed = account.events[calendar]
    answer = account.lists.answer(
        call,
        feed,
        size=min(2500, call.query.get("maxResults", 250)),
        key="items",
        full=lambda: list(feed.live.values()),
        expired=Refusal(410, "fullSyncRequired", "Sync token is no longer valid."),
        gives_sync_token=True,
    )
    entry = account.calendars[calendar]
    return {
        "kind": "calendar#events",
        "etag": '"e"',
        "summary": entry["summary"],
        "timeZone": entry.get("timeZone", "UTC"),
        "accessRole": entry.get("accessRole", "owner"),
        **answer,
    }


def _event(account: Account, call: Call, _: Mapping[str, str]) -> Json:
    feed = account.events.get(call.path["calendarId"], Feed())
    key = call.path["eventId"]
    found = feed.live.get(key) or feed.tombstones.get(key)
    if found is None:
        raise Refusal(404, "notFound", "Not Found")
    return found


# --- Tasks --------------------------------------------------------------------------------


def _task_lists(account: Account, call: Call, _: Mapping[str, str]) -> Json:
    lists = list(account.task_lists.values())
    answer = account.lists.answer(
        call,
        Feed(),
        size=call.query.get("maxResults", 1000),
        key="items",
        full=lambda: lists,
        expired=Refusal(400, "invalid", "no sync tokens here"),
        gives_sync_token=False,
    )
    return {"kind": "tasks#taskLists", **answer}


def _new_task_list(account: Account, call: Call, _: Mapping[str, str]) -> Json:
    title = (call.body or {}).get("title")
    if not title or len(title) > 1024:
        raise Refusal(400, "invalid", "Invalid title")
    return account.task_lists[account.add_task_list(title)]


def _tasks(account: Account, call: Call, _: Mapping[str, str]) -> Json:
    query = call.query
    shows_completed = query.get("showCompleted", True)

    def is_shown(task: Json) -> bool:
        return (
            (shows_completed or task["status"] != "completed")
            and (bool(query.get("showHidden")) or not task.get("hidden"))
            and (bool(query.get("showDeleted")) or not task.get("deleted"))
            and (bool(query.get("showAssigned")) or "assignmentInfo" not in task)
            and task["updated"] >= query.get("updatedMin", "")
        )

    tasks = _list_of(account, call).values()
    answer = account.lists.answer(
        call,
        Feed(),
        size=min(100, query.get("maxResults", 20)),
        key="items",
        full=lambda: [task for task in tasks if is_shown(task)],
        expired=Refusal(400, "invalid", "no sync tokens here"),
        gives_sync_token=False,
    )
    return {"kind": "tasks#tasks", "etag": '"t"', **answer}


def _task(account: Account, call: Call, _: Mapping[str, str]) -> Json:
    task = _list_of(account, call).get(call.path["task"])
    if task is None:
        raise Refusal(404, "notFound", "Task not found.")
    return task


def _new_task(account: Account, call: Call, _: Mapping[str, str]) -> Json:
    _list_of(account, call)
    fields = _task_fields(call)
    task = account.add_task(call.path["tasklist"], **fields)
    return account.change_task(call.path["tasklist"], task["id"])


def _patch_task(account: Account, call: Call, headers: Mapping[str, str]) -> Json:
    task = _matched(account, call, headers)
    return account.change_task(call.path["tasklist"], task["id"], **_task_fields(call))


def _delete_task(account: Account, call: Call, headers: Mapping[str, str]) -> None:
    task = _matched(account, call, headers)
    account.change_task(call.path["tasklist"], task["id"], deleted=True)


def _list_of(account: Account, call: Call) -> dict[str, Json]:
    if call.path["tasklist"] not in account.tasks:
        raise Refusal(404, "notFound", "Task list not found.")
    return account.tasks[call.path["tasklist"]]


def _matched(account: Account, call: Call, headers: Mapping[str, str]) -> Json:
    task = _task(account, call, headers)
    if task.get("deleted") and call.method_id == "tasks.tasks.delete":
        raise Refusal(404, "notFound", "Task not found.")
    if headers.get("if-match") not in {None, "*", task.get("etag")}:
        raise Refusal(412, "conditionNotMet", "Precondition Failed")
    return task


def _task_fields(call: Call) -> Json:
    fields = dict(call.body or {})
    if len(fields.get("title") or "") > 1024 or len(fields.get("notes") or "") > 8192:
        raise Refusal(400, "invalid", "Title or notes too long")
    if fields.get("status", "completed") not in {"completed", "needsAction"}:
        raise Refusal(400, "invalid", "Invalid status")
    if fields.get("due"):
        moment = datetime.fromisoformat(fields["due"])
        fields["due"] = f"{moment:%Y-%m-%d}T00:00:00.000Z"
    return fields


METHODS: dict[str, Callable[[Account, Call, Mapping[str, str]], Any]] = {
    "people.people.connections.list": _connections,
    "people.otherContacts.list": _other_contacts,
    "people.contactGroups.list": _contact_groups,
    "calendar.calendarList.list": _calendar_list,
    "calendar.events.list": _events,
    "calendar.events.get": _event,
    "tasks.tasklists.list": _task_lists,
    "tasks.tasklists.insert": _new_task_list,
    "tasks.tasks.list": _tasks,
    "tasks.tasks.get": _task,
    "tasks.tasks.insert": _new_task,
    "tasks.tasks.patch": _patch_task,
    "tasks.tasks.delete": _delete_task,
}
