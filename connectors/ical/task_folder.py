"""Our tasks in one folder of a vdir: a file a task, its etag made of its bytes."""

from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.contract import Item, TaskDraft
from connectors.errors import UNCHANGED, ItemConflict, ItemGone, SourceError
from connectors.file_source import fingerprint
from connectors.ical.file_items import items_in, read_file
from connectors.ical.task_format import write_task
from connectors.ical.vdir import create, file_name, item_files, remove, replace_if


class TaskFolder:
    """The task list that a folder is."""

    def __init__(self, folder: Path, zone: ZoneInfo) -> None:
        self._folder = folder
        self._zone = zone

    def create(self, draft: TaskDraft) -> Item:
        """A new file; if a task with this UID is there already, that one as it stands.

        :raises SourceError: it cannot be written.
        """
        if standing := self.find(draft.uid):
            return standing
        href = file_name(draft.uid)
        try:
            create(self._folder / href, write_task(draft, None))
        except OSError as error:
            raise refused(self._folder / href, "written", error) from error
        return self._read_back(href)

    def update(self, draft: TaskDraft, href: str, etag: str | None) -> Item:
        """Change what the draft says and nothing else.

        :raises ItemGone: the file is not there any more.
        :raises ItemConflict: it is not the one of this etag, or holds something else.
        """
        path = self._folder / href
        current = self._current(href)
        if current is None:
            raise ItemGone(f"The task {path} is not there any more. {UNCHANGED}")
        if fingerprint([current]) != etag:
            raise _conflict(path)
        body = write_task(draft, current)
        if body != current:
            try:
                is_written = replace_if(path, body, is_still=current)
            except OSError as error:
                raise refused(path, "written", error) from error
            if not is_written:
                raise _conflict(path)
        return self._read_back(href)

    def delete(self, href: str, etag: str) -> None:
        """Delete the file; already gone is success.

        :raises ItemConflict: it is not the one of this etag.
        """
        current = self._current(href)
        if current is None:
            return
        if fingerprint([current]) != etag:
            raise _conflict(self._folder / href)
        try:
            remove(self._folder / href)
        except OSError as error:
            raise refused(self._folder / href, "deleted", error) from error

    def find(self, uid: str) -> Item | None:
        """The task with this UID, whatever its file is called by now."""
        mine = file_name(uid)
        for name in sorted(item_files(self._folder), key=lambda name: name != mine):
            body = self._current(name)
            if body is not None and uid.encode() in body:
                item = self._task_in(name, body)
                if item is not None and item.uid == uid:
                    return item
        return None

    def _read_back(self, href: str) -> Item:
        body = self._current(href)
        if body is None:
            raise ItemGone(f"The task {self._folder / href} was deleted while it was written.")
        item = self._task_in(href, body)
        if item is None:
            raise ItemConflict(
                f"{self._folder / href} holds something else than our task. It was left alone.",
                hint=f"Look at it: cat {self._folder / href}",
            )
        return item

    def _task_in(self, href: str, body: bytes) -> Item | None:
        for entry in items_in(href, self._folder / href, body, self._zone):
            if isinstance(entry, Item) and entry.href == href and entry.kind == "task":
                return entry
        return None

    def _current(self, href: str) -> bytes | None:
        """The bytes of an item's file; None when there is none of that name."""
        if Path(href).name != href or href.startswith("."):
            return None
        path = self._folder / href
        try:
            return read_file(path)
        except SourceError:
            if not path.exists():
                return None
            if path.is_file() and path.stat().st_size == 0:
                return b""
            raise


def refused(path: Path, verb: str, error: OSError) -> SourceError:
    """What the system said, with what to look at."""
    reason = error.strerror or type(error).__name__
    return SourceError(
        f"{path} cannot be {verb}: {reason}. {UNCHANGED}",
        hint=f"Look at the folder and the space left: ls -ld {path.parent}; df -h {path.parent}",
    )


def _conflict(path: Path) -> ItemConflict:
    return ItemConflict(
        f"The task {path} was changed by somebody else meanwhile. It was left alone.",
        hint="The next sync reads it again: kithbook sync",
    )
