"""`ical` sources: a .ics file, a vdir as khal, todoman and vdirsyncer keep it, or a web address.

A vdir is a folder with a folder a calendar or list and in it a .ics file an item; a file called
`displayname` names it. The vdir is a task target as well: what is written is written beside and
put in place at once, so that no other program ever sees half a task. A web address is read as a
single file is; how it is fetched stands in `connectors/web/subscription.py`.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, ClassVar
from zoneinfo import ZoneInfo

from connectors.contract import (
    Access,
    Collection,
    Item,
    Kind,
    Listing,
    Page,
    Reject,
    TaskDraft,
    TaskForm,
    Trouble,
)
from connectors.errors import UNCHANGED, ConfigError, SourceEmpty, SourceError
from connectors.file_source import (
    Entry,
    is_folder,
    open_regular,
    pages,
    settled,
    state_of,
)
from connectors.http import Patience
from connectors.ical.file_items import items_in, read_file
from connectors.ical.task_folder import TaskFolder, refused
from connectors.ical.vdir import display_name, is_collection, item_files, make_list
from connectors.web.file_or_url_source import FileOrUrlSource
from connectors.web.options import PlaceOptions
from connectors.web.subscription import SubscribedFormat

KINDS: frozenset[Kind] = frozenset({"event", "task"})

_ROOT = "."
"""The collection of the files that stand directly in the folder, or of the single file."""


@dataclass(frozen=True, slots=True)
class IcalOptions(PlaceOptions):
    """The config section of an `ical` source."""

    calendars: tuple[str, ...] = ()
    """The names of those in the vdir to read; empty: all."""

    def check(self, where: str) -> None:
        """See that the section can be meant so; see PlaceOptions.

        :raises ConfigError: it cannot.
        """
        PlaceOptions.check(self, where)
        if self.is_subscription and self.calendars:
            raise ConfigError(
                f"{where}: calendars goes with a path.",
                "An address has one calendar: leave calendars out.",
            )


def at_an_address(zone: ZoneInfo) -> SubscribedFormat:
    """How a calendar at a web address is read: as a single file is."""

    def entries(stream: BinaryIO) -> Iterator[Entry]:
        return items_in("", Path(_ROOT), stream.read(), zone)

    return SubscribedFormat(
        noun="a calendar",
        component=b"VCALENDAR",
        others=(b"VCARD", "vcard"),
        accept="text/calendar, */*;q=0.5",
        collection=_ROOT,
        kinds=KINDS,
        is_one_component=True,
        entries=entries,
    )


class IcalFile(FileOrUrlSource):
    """A file, vdir or web address as a source, and a vdir as the place of our tasks."""

    Options: ClassVar[type[Any]] = IcalOptions

    def __init__(
        self, options: IcalOptions, access: Access, patience: Patience | None = None
    ) -> None:
        super().__init__(options, access, at_an_address(access.zone), patience)
        self._wanted = options.calendars

    # --- reading --------------------------------------------------------------------------

    def collections(self) -> list[Collection]:
        """The address or file itself, or the folders in the vdir that hold items.

        :raises SourceError: the path is missing, empty, or neither file nor folder; or a calendar
            that the config names is not there.
        """
        listing = self.listing()
        if listing.troubles:
            raise listing.troubles[0].error
        return list(listing.chosen)

    def listing(self) -> Listing:
        """See `Choosing.listing`."""
        if self._subscription is not None:
            return Listing(self._subscription.collections())
        if self._access.task_list is not None and not self._path.exists():
            return Listing([])  # it is made with the task list
        if not is_folder(self._path):
            open_regular(self._path).close()
            name = self._path.resolve().name
            return Listing([Collection(_ROOT, name, KINDS, is_read_only=True)])
        found = [self._collection(name) for name in self._folders()]
        if item_files(self._path) or (not found and self._access.task_list is None):
            found.insert(0, self._collection(_ROOT))
        return self._chosen(found) if self._wanted else Listing(found)

    def pull(
        self, collection: Collection, cursor: str | None, known: Mapping[str, str]
    ) -> Iterator[Page]:
        """Everything, or one empty page when every file is as it was: that costs a stat a file.

        :raises SourceError: the path cannot be read, or there is nothing and never was; of an
            address also LoginError and SourceUnreachable.
        """
        if self._subscription is not None:
            yield from self._subscription.pull(cursor, known)
            return
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
            raise refused(self._path, "read", error) from error
        return [
            name for name in names if not name.startswith(".") and is_collection(self._path / name)
        ]

    def _chosen(self, found: list[Collection]) -> Listing:
        """Those that the config names, and the list of our tasks."""
        chosen = [
            one
            for one in found
            if one.name in (*self._wanted, self._access.task_list)
            or one.href in (*self._wanted, self._access.task_list_href)
        ]
        names = {one.name for one in found} | {one.href for one in found}
        missing = [self._missing(name, found) for name in self._wanted if name not in names]
        return Listing(
            chosen,
            left_out=[one for one in found if one not in chosen],
            named=frozenset(
                one.href for one in (*chosen, *(trouble.collection for trouble in missing))
            ),
            troubles=missing,
        )

    def _missing(self, name: str, found: list[Collection]) -> Trouble:
        source = self._access.source
        shown = ", ".join(collection.name for collection in found) or "none"
        what = f"there is no calendar {name!r} in {self._path}; there are: {shown}"
        error = SourceError(
            f"{source}: {what}. {UNCHANGED}",
            hint=f"Correct `calendars` in [source.{source}] of the config.",
            refusal=what,
        )
        return Trouble(Collection(f"calendars/{name}", name, frozenset({"event"})), error)

    def _files(self, collection: Collection) -> dict[str, Path]:
        """Name → path of each file, in a stable order; a single file has the name ''."""
        if not is_folder(self._path):
            return {"": self._path}
        folder = self._folder(collection)
        try:
            return item_files(folder)
        except OSError as error:  # what stands in it must not be taken for gone
            raise refused(folder, "read", error) from error

    def _folder(self, collection: Collection) -> Path:
        """:raises SourceError: it is not there, or its key leads out of the vdir."""
        folder = self._path / collection.href
        is_inside = Path(collection.href).name == collection.href and collection.href != ".."
        if not is_inside and collection.href != _ROOT:
            raise SourceError(f"{collection.href!r} is not a folder of {self._path}. {UNCHANGED}")
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
            body = read_file(path)
        except SourceError as error:
            if not name:
                raise
            if path.exists() or path.is_symlink():
                held = [href for href in known if href.startswith(f"{name}#")]
                yield from (Reject(str(error), href) for href in held or [name])
            return
        yield from items_in(name, path, body, self._access.zone)

    # --- our tasks ------------------------------------------------------------------------

    def task_list(self, name: str, form: TaskForm) -> Collection:
        """The folder of that name in the vdir, made if it is not there.

        :raises SourceError: the source is a file or an address, or the folder cannot be made or
            written.
        """
        del form  # a file holds either
        if self._subscription is not None or self._path.is_file():
            what = "a web address is only read" if self._subscription else f"{self._path} is a file"
            raise SourceError(
                f"{self._access.source}: {what}; tasks need a folder, in which each is a file. "
                f"{UNCHANGED}",
                hint="Let `source` in [tasks] of the config name an account or a folder.",
            )
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder = self._list(name) or make_list(self._path, name)
        except OSError as error:
            raise refused(self._path / name, "made", error) from error
        collection = self._collection(folder)
        if collection.is_read_only:
            raise SourceError(
                f"The folder {self._path / folder} may not be written by you. {UNCHANGED}",
                hint=f"To be allowed to write it: chmod u+rwx {self._path / folder}",
            )
        return collection

    def _list(self, name: str) -> str | None:
        """The folder of our tasks: the one it was, whatever it shows, else by its name."""
        folders = self._folders()
        if self._access.task_list_href in folders:
            return self._access.task_list_href
        named = (one for one in folders if name in (display_name(self._path / one), one))
        return next(named, None)

    def find(
        self, collection: Collection, uid: str, href: str | None
    ) -> tuple[Collection, Item] | None:
        """See `TaskTarget.find`."""
        del href  # a folder is looked through by UID
        names = sorted(self._folders(), key=lambda one: (one != collection.href, one))
        for name in names:
            if item := TaskFolder(self._path / name, self._access.zone).find(uid):
                return self._collection(name), item
        if collection.href not in names or not item_files(self._folder(collection)):
            raise SourceEmpty(f"{self._path / collection.href} is empty. {UNCHANGED}")
        return None

    def put(
        self, collection: Collection, draft: TaskDraft, href: str | None, etag: str | None
    ) -> Item:
        """Write a task and read it back; create it when `href` is None, or adopt what is there.

        :raises ItemConflict: it changed since `etag`, or shares its file with others.
        :raises ItemGone: it is not there any more.
        """
        folder = TaskFolder(self._folder(collection), self._access.zone)
        return folder.create(draft) if href is None else folder.update(draft, href, etag)

    def withdraw(self, collection: Collection, draft: TaskDraft, href: str, etag: str) -> Item:
        """See `TaskTarget.withdraw`: a file that is deleted tells nothing any more."""
        return self.put(collection, draft, href, etag)

    def delete(self, collection: Collection, href: str, etag: str) -> None:
        """Delete it if it still has this etag.

        :raises ItemConflict: it changed since `etag`. Already gone is success.
        """
        TaskFolder(self._folder(collection), self._access.zone).delete(href, etag)
