"""Google Tasks as the list that our tasks go to.

The API takes no ids of ours and keeps no time of day. So the UID of a task stands as the last line
of its notes, where a write whose answer was lost is found again, and only the date of `due` counts
(tasks.v1 discovery document). ETags are compared by reading first, and sent along as If-Match.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from connectors.contract import Collection, Item, Page, TaskDraft, TaskForm
from connectors.errors import ItemConflict, ItemGone, SourceError, SourceUnreachable
from connectors.google import sync_cursor, task_format
from connectors.google.error_answers import AnswerLost, Refused
from connectors.google.json_fields import JsonObject, text
from connectors.google.paging import Sheet, body_of, etag_of, listed, look_for, pages
from connectors.google.sync_cursor import GoogleCursor

if TYPE_CHECKING:
    from connectors.google.http import GoogleSession

MEDIA_TYPE = "application/vnd.google.task+json"
PREFIX = "tasks/"
LARGEST_PAGE = 100
LARGEST_LIST_PAGE = 1000
FULL_BELOW = 500
"""Up to so many tasks the whole list is read each time: five requests, and nothing to trust."""

TASK_FIELDS = (
    "id,etag,title,notes,due,status,completed,deleted,hidden,updated,parent,links,assignmentInfo"
)
PAGE_FIELDS = f"nextPageToken,items({TASK_FIELDS})"
ALL = {"showCompleted": True, "showHidden": True, "showAssigned": True}
"""What was ticked in Google's own apps is hidden (tasks.list in the discovery document)."""


class GoogleTasks:
    """The task lists of one account, for one run."""

    def __init__(self, session: "GoogleSession") -> None:
        self._session = session
        self._marked: dict[str, dict[str, JsonObject]] = {}
        """List → UID → task, of every task of ours that stood there when a first one was made."""
        self._elsewhere: list[tuple[Collection, JsonObject]] | None = None
        """Every task of every list, read when a first one was looked for there."""

    # --- reading --------------------------------------------------------------------------

    def find_list(self, name: str, href: str | None = None) -> Collection | None:
        """The list of that id, whatever it is called by now; else the first with that title."""
        lists = self._all_lists()
        by_id = (one for one in lists if one.href == href)
        return next(by_id, None) or next((one for one in lists if one.name == name), None)

    def _all_lists(self) -> list[Collection]:
        listing = self._lists().list
        size = min(LARGEST_LIST_PAGE, self._session.limits.largest_page)
        answers = pages(
            self._session,
            listing,
            "listing task lists",
            maxResults=size,
            fields="nextPageToken,items(id,title)",
        )
        return [
            _collection(found)
            for answer, _ in answers
            for found in listed(answer, "items")
            if found.get("id")
        ]

    def pull(
        self, collection: Collection, cursor: str | None, known: Mapping[str, str]
    ) -> Iterator[Page]:
        """The tasks of a list, or of a long list what changed since the last one seen.

        There are no sync tokens: the cursor is the latest `updated` seen, by the server's clock.
        """
        kept = sync_cursor.read(cursor)
        began = sync_cursor.now()
        held = known
        if kept and (kept.is_worn(TASK_FIELDS, began) or len(known) < FULL_BELOW):
            known = known if kept.shape == TASK_FIELDS else {}
            kept = None
        sheet = Sheet(known, is_full=kept is None)
        latest = kept.token if kept else ""
        since = {"updatedMin": kept.token, "showDeleted": True} if kept else {}
        for answer, is_last in self._answers(collection, f"listing {collection.name}", since):
            for task in listed(answer, "items"):
                latest = max(latest, text(task, "updated") or "")
                href = text(task, "id")
                if href and _is_gone(task, known.get(href)):
                    sheet.gone.append(href)
                elif kept is None or not href or known.get(href) != etag_of(task, body_of(task)):
                    # `updatedMin` is inclusive: the last one comes again each time.
                    sheet.take(task, href, _maker(task))
            if is_last:
                if sheet.is_full:
                    self._look_for(collection, sheet, held)
                full_at = kept.full_at if kept else began.isoformat()
                yield sheet.page(GoogleCursor(latest, full_at, TASK_FIELDS).write())
            elif sheet.has_news():
                yield sheet.page()

    def _look_for(self, collection: Collection, sheet: Sheet, held: Mapping[str, str]) -> None:
        """What the list did not name: of a task that is only left out nothing is concluded."""

        def take(href: str, task: JsonObject) -> bool:
            if _is_gone(task, held.get(href)):
                return False
            sheet.take(task, href, _maker(task))
            return True

        look_for(
            self._session,
            sheet,
            held,
            lambda href: self._tasks().get(**_at(collection, href), fields=TASK_FIELDS),
            take,
            f"reading a task in {collection.name}",
        )

    # --- writing --------------------------------------------------------------------------

    def task_list(self, name: str, form: TaskForm, href: str | None) -> Collection:
        """See `TaskTarget.task_list`."""
        if form == "event":
            raise SourceError(
                f"[source.{self._session.source}] holds tasks itself; kithbook writes no events"
                " into Google calendars.",
                hint='Set as = "task" in [tasks].',
            )
        if found := self.find_list(name, href):
            return found
        doing = f"making the task list {name}"
        request = self._lists().insert(body={"title": name}, fields="id,title")
        try:
            return _collection(self._session.write(request, doing))
        except Refused as error:
            raise self._session.explain(error.refusal, doing, request) from error
        except AnswerLost as error:
            if found := self.find_list(name):
                return found
            raise self._unknown(doing, error) from error

    def put(
        self, collection: Collection, draft: TaskDraft, href: str | None, etag: str | None
    ) -> Item:
        """See `TaskTarget.put`."""
        if href is None or etag is None:
            return self._create(collection, draft)
        doing = f"changing a task in {collection.name}"
        current = self._current(collection, href, etag)
        changes = task_format.changes(current, draft)
        if not changes:
            return _item(current)
        request = self._tasks().patch(**_at(collection, href), body=changes, fields=TASK_FIELDS)
        try:
            return _item(self._session.write(request, doing, etag=current.get("etag")))
        except Refused as error:
            raise self._refused(error, doing, request) from error
        except AnswerLost as error:
            after = self._get(collection, href)
            if after is not None and not task_format.changes(after, draft):
                return _item(after)
            raise self._unknown(doing, error) from error

    def delete(self, collection: Collection, href: str, etag: str) -> None:
        """See `TaskTarget.delete`.

        The mark is changed before, so that a task which we took away can be told from one that
        the user deleted before we knew that it was there.
        """
        doing = f"deleting a task in {collection.name}"
        try:
            current = self._current(collection, href, etag)
        except ItemGone:
            return
        withdrawn = {"notes": task_format.withdraw(current)}
        marking = self._tasks().patch(**_at(collection, href), body=withdrawn, fields=TASK_FIELDS)
        request = self._tasks().delete(**_at(collection, href))
        try:
            current = self._session.write(marking, doing, etag=current.get("etag"))
            self._session.write(request, doing, etag=current.get("etag"))
        except Refused as error:
            if error.refusal.status in {404, 410}:
                return
            raise self._refused(error, doing, request) from error
        except AnswerLost as error:
            if self._get(collection, href) is not None:
                raise self._unknown(doing, error) from error
        self._marked.pop(collection.href, None)

    def _create(self, collection: Collection, draft: TaskDraft) -> Item:
        """A new task, unless one with this UID is or was there. It is sent once in a run."""
        doing = f"writing a task into {collection.name}"
        if found := self._find(collection, draft.uid):
            return found
        list_id = collection.href.removeprefix(PREFIX)
        request = self._tasks().insert(
            tasklist=list_id, body=task_format.body(draft), fields=TASK_FIELDS
        )
        try:
            made = self._session.write(request, doing)
        except Refused as error:
            raise self._refused(error, doing, request) from error
        except AnswerLost as error:
            self._session.pause(0)
            self._marked.pop(collection.href, None)
            if found := self._find(collection, draft.uid):
                return found
            # A listing may lag behind a write that was done: a second one could make a twin.
            raise self._unknown(doing, error) from error
        self._marked[collection.href][draft.uid] = made
        return _item(made)

    def _find(self, collection: Collection, uid: str) -> Item | None:
        """Our task with this UID as it stands now, or as it was when it was ticked and cleared.

        :raises ItemGone: it was written, and the user has deleted it.
        """
        if collection.href not in self._marked:
            marked: dict[str, JsonObject] = {}
            doing = f"looking through {collection.name}"
            for answer, _ in self._answers(collection, doing, {"showDeleted": True}):
                for task in listed(answer, "items"):
                    mark = task_format.mark_of(task)
                    if mark and not (task.get("deleted") and mark in marked):
                        marked[mark] = task
            self._marked[collection.href] = marked
        known = self._marked[collection.href].get(uid)
        if known is None or task_format.is_withdrawn(known):
            return None
        current = self._asked(collection, known["id"])
        if current is None:
            raise ItemGone(
                f"A task that was on its way into {collection.name} was deleted there meanwhile.",
                hint="It stays deleted.",
            )
        return _item(current)

    def find(
        self, collection: Collection, uid: str, href: str | None
    ) -> tuple[Collection, Item] | None:
        """See `TaskTarget.find`. A task that is moved to another list keeps its id.

        One that another machine took away is returned as cancelled: that it did is known by it.
        """
        withdrawn: JsonObject | None = None
        if href:
            task = self._fetched(collection, href)
            if task and _stood(task):
                return collection, _item(task)
            withdrawn = task if task and task_format.is_withdrawn(task) else None
        if self._elsewhere is None:
            self._elsewhere = [
                (one, task)
                for one in self._all_lists()
                for answer, _ in self._answers(one, f"looking through {one.name}", {})
                for task in listed(answer, "items")
            ]
        for place, task in self._elsewhere:
            if place.href != collection.href and (
                task.get("id") == href or task_format.mark_of(task) == uid
            ):
                return place, _item(task)
        return (collection, _item(withdrawn)) if withdrawn else None

    def _current(self, collection: Collection, href: str, etag: str) -> JsonObject:
        current = self._get(collection, href)
        if current is None:
            raise ItemGone(f"The task {href} is not in {collection.name} any more.")
        if etag_of(current, body_of(current)) != etag:
            raise ItemConflict(
                f"The task {current.get('title')!r} in {collection.name} has changed since it was"
                " read; it was left as it is.",
                hint="kithbook sync",
            )
        return current

    def _asked(self, collection: Collection, href: str) -> JsonObject | None:
        """A task that stands there, or was ticked before it was cleared away."""
        found = self._fetched(collection, href)
        return found if found and _stood(found) else None

    def _fetched(self, collection: Collection, href: str) -> JsonObject | None:
        """A task as it is or was; None where nobody knows of it any more."""
        request = self._tasks().get(**_at(collection, href), fields=TASK_FIELDS)
        return self._session.find(request, f"reading a task in {collection.name}")

    def _get(self, collection: Collection, href: str) -> JsonObject | None:
        found = self._asked(collection, href)
        return None if found is None or found.get("deleted") else found

    # --- the API --------------------------------------------------------------------------

    def _lists(self) -> Any:
        return self._session.service("tasks").tasklists()

    def _tasks(self) -> Any:
        return self._session.service("tasks").tasks()

    def _answers(
        self, collection: Collection, doing: str, more: Mapping[str, Any]
    ) -> Iterator[tuple[JsonObject, bool]]:
        return pages(
            self._session,
            self._tasks().list,
            doing,
            tasklist=collection.href.removeprefix(PREFIX),
            maxResults=min(LARGEST_PAGE, self._session.limits.largest_page),
            fields=PAGE_FIELDS,
            **ALL,
            **more,
        )

    def _refused(self, error: Refused, doing: str, request: Any) -> Exception:
        if error.refusal.status == 412:
            return ItemConflict(f"Google, {doing}: it has changed since it was read.")
        if error.refusal.status in {404, 410}:
            return ItemGone(f"Google, {doing}: it is not there any more.")
        return self._session.explain(error.refusal, doing, request)

    def _unknown(self, doing: str, error: AnswerLost) -> SourceUnreachable:
        return SourceUnreachable(
            f"Google gave no answer, {doing} ({error}). Whether it was done is looked up before"
            " it is tried again.",
            hint="kithbook sync",
        )


def _collection(found: JsonObject) -> Collection:
    return Collection(PREFIX + found["id"], found["title"], frozenset({"task"}))


def _at(collection: Collection, href: str) -> dict[str, str]:
    return {"tasklist": collection.href.removeprefix(PREFIX), "task": href}


def _is_gone(task: JsonObject, known_etag: str | None) -> bool:
    """Deleted, and not as "delete all completed" leaves a task that was ticked since we read it.

    Such a one is handed over once, as ticked; when it is known so, it is gone.
    """
    is_news = known_etag is not None and known_etag != etag_of(task, body_of(task))
    return bool(task.get("deleted")) and not (task.get("status") == "completed" and is_news)


def _stood(task: JsonObject) -> bool:
    """It stands there, or was ticked before it was deleted."""
    return not task.get("deleted") or task.get("status") == "completed"


def _maker(task: JsonObject) -> Any:
    def make(href: str, etag: str, body: bytes) -> Item:
        is_taken_back = task.get("deleted") and task_format.is_withdrawn(task)
        read = task_format.read_withdrawn(task) if is_taken_back else task_format.read(task)
        return Item(href, read.uid, "task", etag, MEDIA_TYPE, body, task=read)

    return make


def _item(task: JsonObject) -> Item:
    body = body_of(task)
    item: Item = _maker(task)(task["id"], etag_of(task, body), body)
    return item
