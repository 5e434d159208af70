"""What the local Google answers to each method that the connector may call."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from tests.support.fake_google.account_data import Account, Feed, Refusal
from tests.support.fake_google.discovery import Call, Json, document

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


def _person(account: Account, call: Call, _: Mapping[str, str]) -> Json:
    fields = {name for name in call.query.get("personFields", "").split(",") if name}
    if not fields or fields - PERSON_FIELDS:
        raise Refusal(400, "INVALID_ARGUMENT", f"personFields: {sorted(fields - PERSON_FIELDS)}")
    found = account.people.live.get(call.path["resourceName"])
    if found is None:
        raise Refusal(404, "NOT_FOUND", "Requested entity was not found.")
    kept = fields | {"resourceName", "etag"}
    return {name: value for name, value in _without_previous(found).items() if name in kept}


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
    "people.people.get": _person,
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
