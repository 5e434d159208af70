"""Apple's address book: a database (.abcddb), or a folder with several of them (.abbu).

The databases are SQLite files, opened so that nothing beside them is ever made or changed. The
book in the folder itself is nearly empty for who syncs with iCloud or
Exchange: the cards stand in Sources/*/.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, ClassVar
from urllib.parse import quote

from connectors.contract import Access, Collection, Kind, Page
from connectors.errors import UNCHANGED, SourceError
from connectors.file_source import chunks_of, fingerprint, is_folder, open_regular, pages
from connectors.formats.apple_records import read

MAX_BOOK_BYTES = 2 << 30


@dataclass(frozen=True, slots=True)
class AbbuOptions:
    """The `path` of the file or folder."""

    path: str


class AbbuFile:
    """An .abcddb, or an .abbu folder with one collection for each database in it."""

    Options: ClassVar[type[Any]] = AbbuOptions

    def __init__(self, options: AbbuOptions, access: Access) -> None:
        self.path = Path(options.path).expanduser()
        self.access = access

    def collections(self) -> list[Collection]:
        """The database itself, or those in the folder.

        :raises SourceError: there is none.
        """
        kinds: frozenset[Kind] = frozenset({"contact"})
        books = self._books()
        if not books:
            raise SourceError(
                f"{self.path} holds no address book of Apple's (*.abcddb). {UNCHANGED}",
                hint="In Contacts on the Mac: File, Export, Contacts Archive; or Export vCard.",
            )
        return [Collection(href, href, kinds, is_read_only=True) for href in books]

    def pull(
        self, collection: Collection, cursor: str | None, known: Mapping[str, str]
    ) -> Iterator[Page]:
        """Everything, or one empty page when the database is as it was.

        :raises SourceError: it cannot be read, or is no address book.
        """
        path = self._books()[collection.href]
        with open_regular(path) as stream:
            now = fingerprint(chunks_of(stream))
        wal = _wal(path)
        if wal is not None:
            with open_regular(wal) as stream:
                now += fingerprint(chunks_of(stream))
        if now == cursor:
            yield Page(cursor=now)
            return
        with open_book(path) as book:
            yield from pages(read(book, str(path)), known, now)

    def _books(self) -> dict[str, Path]:
        """Href → database. The href says where in the folder it is."""
        if not is_folder(self.path):
            return {"book": self.path}
        found = find_books(self.path)
        return {path.relative_to(self.path).as_posix(): path for path in found}


def find_books(folder: Path) -> list[Path]:
    """The databases of an .abbu folder: in it, and in each of its Sources."""
    candidates = [*folder.iterdir(), *folder.glob("Sources/*/*")]
    return sorted(
        path for path in candidates if path.suffix.lower() == ".abcddb" and path.is_file()
    )


@contextmanager
def open_book(path: Path) -> Iterator[sqlite3.Connection]:
    """A database, read-only. What its last writer left in the log beside it is read as well.

    :raises SourceError: it is no regular file, or no SQLite database.
    """
    open_regular(path).close()
    wal = _wal(path)
    if wal is None:
        with closing(_connect(path, "mode=ro&immutable=1")) as book:
            yield book
        return
    # SQLite reads a log only where it may also write: on a copy of our own.
    with tempfile.TemporaryDirectory(prefix="kithbook-") as folder:
        copy = Path(folder, "book")
        shutil.copyfile(path, copy)
        shutil.copyfile(wal, copy.with_name("book-wal"))
        with closing(_connect(copy, "mode=rw")) as book:
            yield book


def load_book(stream: BinaryIO, name: str) -> sqlite3.Connection:
    """A database out of an archive, in memory.

    :raises SourceError: it is too large or no SQLite database.
    """
    image = bytearray(stream.read(MAX_BOOK_BYTES + 1))
    if len(image) > MAX_BOOK_BYTES:
        raise SourceError(
            f"{name} is larger than {MAX_BOOK_BYTES >> 30} GB. {UNCHANGED}",
            hint="Unpack the archive and import the folder.",
        )
    if len(image) > 20:
        image[18:20] = b"\1\1"  # "no log": a database in memory has none (fileformat2, 1.3.3)
    book = sqlite3.connect(":memory:")
    book.deserialize(bytes(image))
    return book


def _connect(path: Path, options: str) -> sqlite3.Connection:
    try:
        return sqlite3.connect(f"file:{quote(str(path.absolute()))}?{options}", uri=True)
    except sqlite3.Error as error:
        raise SourceError(
            f"{path} cannot be opened: {error}. {UNCHANGED}", hint=f"Look at it: ls -l {path}"
        ) from error


def _wal(path: Path) -> Path | None:
    """The log beside a database, if anything stands in it."""
    wal = path.with_name(path.name + "-wal")
    return wal if wal.is_file() and wal.stat().st_size > 0 else None
