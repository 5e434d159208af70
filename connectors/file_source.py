"""A file or folder as a source: opening it safely, and pages out of what stands in it."""

import os
import stat
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from connectors.contract import Access, Collection, Item, Kind, Page, Reject
from connectors.errors import UNCHANGED, SourceError

Entry = Item | Reject

ENTRIES_PER_PAGE = 2048
BYTES_PER_PAGE = 16 << 20
CLOCK_STEP_NS = 50_000_000
"""A file changed so shortly before it was read could change again under the same time stamp."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An href we hold of a file that cannot be read now: what is there stays."""

    href: str


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file that holds something; never waits on a FIFO, never reads a device.

    :raises SourceError: it is missing, a folder, a FIFO, a device, empty, or may not be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _refusal(path, error) from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise not_a_file(path, status.st_mode)
    if status.st_size == 0:
        os.close(descriptor)
        raise SourceError(
            f"{path} is empty: there is nothing to read in it. {UNCHANGED}",
            hint="Export it again from where it came from, then repeat the command.",
        )
    return os.fdopen(descriptor, "rb")


def is_folder(path: Path) -> bool:
    """Whether it is a folder.

    :raises SourceError: it is missing or may not be looked at.
    """
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError as error:
        raise _refusal(path, error) from error


def size_of(path: Path) -> int:
    """The bytes of a file, or of all files in a folder; 0 for what cannot be seen."""
    sizes = [0]
    for found in path.rglob("*") if path.is_dir() else (path,):
        with suppress(OSError):  # whoever opens it says what is wrong with it
            status = found.stat()
            sizes.append(status.st_size if stat.S_ISREG(status.st_mode) else 0)
    return sum(sizes)


def in_file(entry: Entry, name: str) -> Entry:
    """In which of several files it stands: hrefs do not tell that."""
    printable = os.fsencode(name).decode("utf-8", "backslashreplace")
    if isinstance(entry, Item):
        return replace(entry, file=printable)
    return replace(entry, reason=f"{printable}: {entry.reason}")


def fingerprint(chunks: Iterable[bytes]) -> str:
    """A short text that differs when the bytes do."""
    digest = blake2b(digest_size=16)
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def chunks_of(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of a stream, a megabyte at a time."""
    while chunk := stream.read(1 << 20):
        yield chunk


def pages(entries: Iterable[Entry | Kept], known: Mapping[str, str], cursor: str) -> Iterator[Page]:
    """A complete listing in pages: what has the etag we know is only named.

    :param known: href → etag of what we hold.
    :param cursor: what the last page says, so that an untouched file is not read again.
    """
    items: list[Item] = []
    rejects: list[Reject] = []
    unchanged: list[str] = []
    size = 0
    for entry in entries:
        if isinstance(entry, Reject):
            rejects.append(entry)
            size += len(entry.content)
        elif isinstance(entry, Kept) or known.get(entry.href) == entry.etag:
            unchanged.append(entry.href)
        else:
            items.append(entry)
            size += len(entry.body)
        count = len(items) + len(rejects) + len(unchanged)
        if count >= ENTRIES_PER_PAGE or size >= BYTES_PER_PAGE:
            yield Page(items=items, rejects=rejects, unchanged=unchanged)
            items, rejects, unchanged, size = [], [], [], 0
    yield Page(items=items, rejects=rejects, unchanged=unchanged, complete=True, cursor=cursor)


def state_of(files: Mapping[str, Path]) -> str:
    """Differs when a file is changed, replaced, added, removed or renamed; reads no content."""
    digest = blake2b(digest_size=16)
    for name, path in files.items():
        try:
            status = path.stat()
        except OSError as error:
            digest.update(f"{name}\0{error.errno}\0".encode("utf-8", "surrogateescape"))
            continue
        state = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        digest.update(f"{name}\0{state}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def settled(files: Mapping[str, Path], state: str) -> str:
    """A cursor of that state; worthless when a file is too young for its time stamp to tell."""
    newest = 0
    for path in files.values():
        with suppress(OSError):  # gone meanwhile: the next state differs anyway
            newest = max(newest, path.stat().st_mtime_ns)
    now = time.time_ns()
    return f"{state}-{now}" if 0 <= now - newest < CLOCK_STEP_NS else state


class FileSource(ABC):
    """One file as a source with one collection; the formats say how it is read."""

    kinds: frozenset[Kind] = frozenset({"contact"})

    def __init__(self, path: Path, access: Access) -> None:
        self.path = path
        self.access = access

    @abstractmethod
    def fingerprint(self) -> str:
        """Differs when what would be read differs."""

    @abstractmethod
    def entries(self) -> Iterator[Entry]:
        """What stands in the file, in its order."""

    def collections(self) -> list[Collection]:
        """The file itself. Its href stays the same when a newer export has another name."""
        return [Collection("file", self.path.name, self.kinds, is_read_only=True)]

    def pull(
        self, collection: Collection, cursor: str | None, known: Mapping[str, str]
    ) -> Iterator[Page]:
        """Everything, or one empty page when the file is as it was.

        :raises SourceError: the file cannot be read.
        """
        del collection  # there is but one
        now = self.fingerprint()
        if now == cursor:
            yield Page(cursor=now)
        else:
            yield from pages(self.entries(), known, now)


def not_a_file(path: Path, mode: int) -> SourceError:
    """The error for what is no regular file, in words."""
    if stat.S_ISDIR(mode):
        what = "a folder where a file is meant"
    elif stat.S_ISFIFO(mode):
        what = "a pipe (FIFO), which may never end"
    elif stat.S_ISSOCK(mode):
        what = "a socket"
    else:
        what = "a device"
    return SourceError(
        f"{path} is {what}. {UNCHANGED}",
        hint="Save what it holds into a file and name that one: kithbook import FILE",
    )


def _refusal(path: Path, error: OSError) -> SourceError:
    """What the system said, with what to do about it."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        hint = f"Check its name: ls {path.parent}"
        return SourceError(f"There is no file {path}. {UNCHANGED}", hint=hint)
    if isinstance(error, PermissionError):
        hint = f"To be allowed to read it: chmod u+r {path}"
        return SourceError(f"{path} may not be read by you. {UNCHANGED}", hint=hint)
    reason = error.strerror or type(error).__name__
    return SourceError(
        f"{path} cannot be read: {reason}. {UNCHANGED}", hint=f"Look at it: ls -l {path}"
    )
