"""`ical` sources: a .ics file, or a vdir as khal, todoman and vdirsyncer keep it.

A vdir is a folder with a folder a calendar or list and in it a .ics file an item; a file called
`displayname` names it. The vdir is a task target as well: what is written is written beside and
put in place at once, so that no other program ever sees half a task.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from connectors.files import (
    UNCHANGED,
    fingerprint,
    is_folder,
    open_regular,
    pages,
    settled,
    state_of,
)
from connectors.ical_split import Part, split
from connectors.ical_task import NoTask, read_task, write_task
from connectors.ical_vdir import (
    create,
    display_name,
    file_name,
    is_collection,
    item_files,
    make_list,
    remove,
    replace_if,
)
from pipeline.errors import ItemConflict, ItemGone, SourceError
from pipeline.records import Access, Collection, Item, Kind, Page, Reject, TaskDraft, TaskForm

MEDIA_TYPE = "text/calendar"
MAX_FILE_BYTES = 1_000_000_000
"""An archive of a million events; it is read into memory."""
KINDS: frozenset[Kind] = frozenset({"event", "task"})

_ROOT = "."
"""The collection of the files that stand directly in the folder, or of the single file."""


@dataclass(frozen=True, slots=True)
class IcalOptions:
    """The config section of an `ical` source."""

    path: str
    calendars: tuple[str, ...] = ()
    """The names of those to read; empty: all."""


class IcalFile:
    """A file or vdir as a source, and a vdir as the place of our tasks."""

    Options: ClassVar[type[Any]] = IcalOptions

    def __init__(self, options: IcalOptions, access: Access) -> None:
        self._options = options
        self._access = access
        self._path = Path(options.path).expanduser()

    # --- reading --------------------------------------------------------------------------

    def collections(self) -> list[Collection]:
        """The file itself, or the folders in the vdir that hold items.

        :raises SourceError: it is an address, missing, empty, or neither file nor folder; or a
            calendar that the config names is not there.
        """
        if "://" in self._options.path:
            raise SourceError(
                f"{self._access.source}: {self._options.path} is an address; an ical source reads "
                f"files and folders. {UNCHANGED}",
                hint='Download the file and write its path into the config: path = "calendar.ics"',
            )
        if self._access.task_list is not None and not self._path.exists():
            return []  # it is made with the task list
        if not is_folder(self._path):
            open_regular(self._path).close()
            name = self._path.resolve().name
            return [Collection(_ROOT, name, KINDS, is_read_only=True)]
        found = [self._collection(name) for name in self._folders()]
        if item_files(self._path) or (not found and self._access.task_list is None):
            found.insert(0, self._collection(_ROOT))
        return self._chosen(found)

    def pull(
        self, collection: Collection, cursor: str | None, known: Mapping[str, str]
    ) -> Iterator[Page]:
        """Everything, or one empty page when every file is as it was: that costs a stat a file.

        :raises SourceError: the path cannot be read, or there is nothing and never was.
        """
        files = self._files(collection)
        now = state_of(files)
        if now == cursor:
            yield Page(cursor=now)
            return
        if not files and not known and collection.href == _ROOT:
            raise SourceError(
                f"There is no .ics file in {self._path}. {UNCHANGED}",
                hint=f"Look what is there: ls -a {self._path}",
            )
        entries = (
            entry for name, path in files.items() for entry in self._entries(name, path, known)
        )
        yield from pages(entries, known, settled(files, now))

    def _collection(self, name: str) -> Collection:
        folder = self._path / name
        shown = display_name(folder) or folder.resolve().name
        return Collection(name, shown, KINDS, is_read_only=not os.access(folder, os.W_OK))

    def _folders(self) -> list[str]:
        try:
            names = sorted(entry.name for entry in os.scandir(self._path) if entry.is_dir())
        except OSError as error:
            raise _refused(self._path, "read", error) from error
        return [
            name for name in names if not name.startswith(".") and is_collection(self._path / name)
        ]

    def _chosen(self, found: list[Collection]) -> list[Collection]:
        wanted = self._options.calendars
        if not wanted:
            return found
        names = {collection.name for collection in found} | {one.href for one in found}
        if missing := [name for name in wanted if name not in names]:
            shown = ", ".join(collection.name for collection in found) or "none"
            raise SourceError(
                f"{self._access.source}: there is no calendar {missing[0]!r} in {self._path}; "
                f"there are: {shown}. {UNCHANGED}",
                hint=f"Correct `calendars` in [source.{self._access.source}] of the config.",
            )
        return [
            one
            for one in found
            if one.name in wanted or one.href in wanted or one.name == self._access.task_list
        ]

    def _files(self, collection: Collection) -> dict[str, Path]:
        """Name → path of each file, in a stable order; a single file has the name ''."""
        if not is_folder(self._path):
            return {"": self._path}
        return item_files(self._folder(collection))

    def _folder(self, collection: Collection) -> Path:
        """:raises SourceError: it is not there, or its key leads out of the vdir."""
        folder = self._path / collection.href
        if Path(collection.href).name != collection.href and collection.href != _ROOT:
            raise SourceError(f"{collection.href!r} is no folder of {self._path}. {UNCHANGED}")
        if not folder.is_dir():
            raise SourceError(
                f"The folder {folder} is not there any more. {UNCHANGED}",
                hint=f"Look what is there: ls -a {self._path}",
            )
        return folder

    def _entries(self, name: str, path: Path, known: Mapping[str, str]) -> Iterator[Item | Reject]:
        """What stands in one file. One bad file of a folder leaves the others alone.

        Each item that we hold of a file that cannot be read is named: it is not gone.
        """
        try:
            body = _read(path)
        except SourceError as error:
            if not name:
                raise
            if path.exists() or path.is_symlink():
                held = [href for href in known if href.startswith(f"{name}#")]
                yield from (Reject(str(error), href) for href in held or [name])
            return
        yield from self._items(name, path, body)

    def _items(self, name: str, path: Path, body: bytes) -> Iterator[Item | Reject]:
        found = split(body)
        if not found.parts and not found.rejects:
            if not name and b"BEGIN:VCALENDAR" not in body[:1000].upper():
                raise SourceError(
                    f"There is no calendar in {path}. {UNCHANGED}",
                    hint=f"A calendar file begins with BEGIN:VCALENDAR. Look: head {path}",
                )
            if name and b"BEGIN:VJOURNAL" not in body.upper():
                yield Reject("there is no event or task in it", href=name, content=body[:10_000])
            return
        is_one = bool(name) and len(found.parts) + len(found.rejects) == 1
        for part in found.parts:
            href = name if is_one else _href(name, part.uid)
            yield self._item(href, part, fingerprint([body if is_one else part.body]))
        for reject in found.rejects:
            yield replace(reject, href=name if is_one else _href(name, reject.href))

    def _item(self, href: str, part: Part, etag: str) -> Item | Reject:
        if part.kind == "event":
            return Item(href, part.uid, "event", etag, MEDIA_TYPE, part.body)
        try:
            task = read_task(part.body, self._access.zone)
        except NoTask as error:
            return Reject(str(error), href, part.position, part.body[:10_000])
        return Item(href, part.uid, "task", etag, MEDIA_TYPE, part.body, task=task)

    # --- our tasks ------------------------------------------------------------------------

    def task_list(self, name: str, form: TaskForm) -> Collection:
        """The folder of that name in the vdir, made if it is not there.

        :raises SourceError: the source is a file, or the folder cannot be made or written.
        """
        del form  # a file holds either
        if self._path.is_file():
            raise SourceError(
                f"{self._access.source}: {self._path} is a file; tasks need a folder, in which "
                f"each is a file. {UNCHANGED}",
                hint="Let `source` in [tasks] of the config name an account or a folder.",
            )
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in self._folders():
                if name in (display_name(self._path / folder), folder):
                    break
            else:
                folder = make_list(self._path, name)
        except OSError as error:
            raise _refused(self._path / name, "made", error) from error
        collection = self._collection(folder)
        if collection.is_read_only:
            raise SourceError(
                f"The folder {self._path / folder} may not be written by you. {UNCHANGED}",
                hint=f"Let yourself write it: chmod u+rwx {self._path / folder}",
            )
        return collection

    def put(
        self, collection: Collection, draft: TaskDraft, href: str | None, etag: str | None
    ) -> Item:
        """Write a task and read it back; create it when `href` is None, or adopt what is there.

        :raises ItemConflict: it changed since `etag`, or shares its file with others.
        :raises ItemGone: it is not there any more.
        """
        folder = self._folder(collection)
        if href is None:
            return self._create(folder, draft)
        current = self._current(folder, href)
        if current is None:
            raise ItemGone(f"The task {folder / href} is not there any more. {UNCHANGED}")
        if fingerprint([current]) != etag:
            raise _conflict(folder / href)
        body = write_task(draft, current)
        if body != current:
            try:
                if not replace_if(folder / href, body, is_still=current):
                    raise _conflict(folder / href)
            except OSError as error:
                raise _refused(folder / href, "written", error) from error
        return self._read_back(folder, href)

    def delete(self, collection: Collection, href: str, etag: str) -> None:
        """Delete it if it still has this etag.

        :raises ItemConflict: it changed since `etag`. Already gone is success.
        """
        folder = self._folder(collection)
        current = self._current(folder, href)
        if current is None:
            return
        if fingerprint([current]) != etag:
            raise _conflict(folder / href)
        try:
            remove(folder / href)
        except OSError as error:
            raise _refused(folder / href, "deleted", error) from error

    def _create(self, folder: Path, draft: TaskDraft) -> Item:
        if standing := self._find(folder, draft.uid):
            return standing
        href = file_name(draft.uid)
        try:
            create(folder / href, write_task(draft, None))
        except OSError as error:
            raise _refused(folder / href, "written", error) from error
        return self._read_back(folder, href)

    def _find(self, folder: Path, uid: str) -> Item | None:
        """The task with this UID, whatever its file is called by now."""
        files = item_files(folder)
        mine = file_name(uid)
        for name in sorted(files, key=lambda name: name != mine):
            body = self._current(folder, name)
            if body is not None and (name == mine or uid.encode() in body):
                for entry in self._items(name, folder / name, body):
                    if isinstance(entry, Item) and entry.uid == uid and entry.href == name:
                        return entry
        return None

    def _read_back(self, folder: Path, href: str) -> Item:
        body = self._current(folder, href)
        if body is None:
            raise ItemGone(f"The task {folder / href} was deleted while it was written.")
        for entry in self._items(href, folder / href, body):
            if isinstance(entry, Item) and entry.href == href and entry.kind == "task":
                return entry
        raise ItemConflict(
            f"{folder / href} holds something else than our task. It was left alone.",
            hint=f"Look at it: cat {folder / href}",
        )

    def _current(self, folder: Path, href: str) -> bytes | None:
        """The bytes of an item's file; None when there is none of that name."""
        if Path(href).name != href or href.startswith("."):
            return None
        path = folder / href
        if not path.exists():
            return None
        try:
            return _read(path)
        except SourceError:
            if path.exists() and path.stat().st_size == 0:
                return b""
            raise


def _href(name: str, uid: str | None) -> str:
    """The href of one of several items in a file; a single file of a source has no name."""
    return f"{name}#{uid}" if name else str(uid)


def _read(path: Path) -> bytes:
    """:raises SourceError: it cannot be read, or is larger than any calendar."""
    with closing(open_regular(path)) as stream:
        if os.fstat(stream.fileno()).st_size > MAX_FILE_BYTES:
            raise SourceError(
                f"{path} is larger than {MAX_FILE_BYTES:,} bytes. {UNCHANGED}",
                hint="Split it, for instance into one file a year.",
            )
        return stream.read(MAX_FILE_BYTES)


def _conflict(path: Path) -> ItemConflict:
    return ItemConflict(
        f"The task {path} was changed by somebody else meanwhile. It was left alone.",
        hint="The next sync reads it again: kithbook sync",
    )


def _refused(path: Path, verb: str, error: OSError) -> SourceError:
    reason = error.strerror or type(error).__name__
    return SourceError(
        f"{path} cannot be {verb}: {reason}. {UNCHANGED}",
        hint=f"Look at the folder and the space left: ls -ld {path.parent}; df -h {path.parent}",
    )
