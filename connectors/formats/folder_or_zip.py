"""Several files in one place: a folder or a .zip. Both say what they hold and open it by name."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from connectors.contract import Reject
from connectors.errors import UNCHANGED, SourceError
from connectors.file_source import open_regular
from connectors.formats.zip_archive import Archive, open_archive

MAX_FILES = 200_000

_OUR_DATA = frozenset({"state.duckdb", "kithbook.duckdb"})
"""A folder that holds one of these is a data folder of kithbook: no old book, but what we made."""


@dataclass(frozen=True, slots=True)
class File:
    """A file in a container. `name` is its path there; `state` differs when it does."""

    name: str
    state: str


class Container(Protocol):
    """What holds files, while it is open."""

    files: list[File]
    """In a stable order, without hidden ones and clutter."""
    refused: list[Reject]
    """What must not or cannot be read, and why."""
    unreadable: list[str]
    """What cannot be read now, though it might on another day."""

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """The bytes of a file, in a stream that can be rewound.

        :raises SourceError: it cannot be read.
        """
        ...


class ExportFolder:
    """A folder and those in it. Links to folders are not followed: they may lead in a circle.

    A link that leads out of it is not followed either, and said so: whoever put it there may have
    meant another file of the reader's.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: list[File] = []
        self.refused: list[Reject] = []
        self.unreadable: list[str] = []
        self._root = path.resolve()
        for folder, folders, names in os.walk(path, onerror=self._note):
            if not _OUR_DATA.isdisjoint(names):
                folders.clear()
                continue
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in folders:
                if Path(folder, name).is_symlink():
                    self._pass_by(Path(folder, name))
            for name in sorted(names):
                if not name.startswith(".") and not _is_database(name):
                    self._add(Path(folder, name))
            if len(self.files) > MAX_FILES:
                raise SourceError(
                    f"{path} holds more than {MAX_FILES:,} files. {UNCHANGED}",
                    hint="Name the folder in it that has the contacts or calendars.",
                )

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """See `Container.open`."""
        return open_regular(self.path / name)

    def _add(self, path: Path) -> None:
        name = path.relative_to(self.path).as_posix()
        if path.is_symlink() and not path.resolve().is_relative_to(self._root):
            self._pass_by(path)
            return
        try:
            status = path.stat()
        except OSError as error:
            self._refuse(name, error)
            return
        if status.st_size or not path.is_file():  # a FIFO has no size either, and is refused later
            state = f"{status.st_size}-{status.st_mtime_ns}-{status.st_ino}"
            self.files.append(File(name, state))

    def _pass_by(self, link: Path) -> None:
        name = link.relative_to(self.path).as_posix()
        reason = "a link that leads elsewhere was not followed; import what it leads to by itself"
        content = name.encode("utf-8", "surrogateescape")
        self.refused.append(Reject(reason, name, content=content, is_warning=True))

    def _note(self, error: OSError) -> None:
        self._refuse(str(error.filename), error)

    def _refuse(self, name: str, error: OSError) -> None:
        content = name.encode("utf-8", "surrogateescape")
        self.refused.append(Reject(f"it cannot be read: {error.strerror}", name, content=content))
        self.unreadable.append(name)


def _is_database(name: str) -> bool:
    return name.endswith(".duckdb") or ".duckdb." in name


class Zip:
    """The members of an archive."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._members = {member.name: member for member in archive.members}
        self.files = [
            File(name, member.changed)
            for name, member in sorted(self._members.items())
            if member.size
        ]
        self.refused = archive.refused
        self.unreadable = archive.damaged

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """See `Container.open`."""
        return self._archive.open(self._members[name])


@contextmanager
def open_container(path: Path) -> Iterator[Container]:
    """The folder or archive at a path.

    :raises SourceError: it cannot be read.
    """
    if path.is_dir():
        yield ExportFolder(path)
    else:
        with open_archive(path) as archive:
            yield Zip(archive)
