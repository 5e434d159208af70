"""`kithbook import FILE`: whatever it is, recognised by its content, as one source.

A single file is handed to the connector of its format. A folder or .zip is looked through: each
folder in it with vCards or calendars is a collection, each other file one of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

import connectors
from connectors.contract import Access, Collection, Connector, Page, Reject
from connectors.errors import UNCHANGED, SourceError, UsageError
from connectors.file_source import (
    chunks_of,
    fingerprint,
    open_regular,
    pages,
    size_of,
)
from connectors.formats.container_parts import (
    CALENDARS,
    ImportPart,
    entries_of,
    kinds_of,
    parts_of,
    state_of_part,
)
from connectors.formats.folder_or_zip import Container, File, open_container
from connectors.formats.recognise_format import HEAD_BYTES, READABLE, FileFormat, recognise, sniff

_CONNECTORS: dict[FileFormat, str] = {
    "vcard": "connectors.vcard.source:VcardFile",
    "ical": "connectors.ical.source:IcalFile",
    "csv": "connectors.csv.source:CsvFile",
    "ldif": "connectors.formats.ldif:LdifFile",
    "abbu": "connectors.formats.apple_address_book:AbbuFile",
}

SOURCE_FORMATS = frozenset({"vcard", "ical"})
"""Formats that a source of the config can have as well, under the same name."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """`path` of the file or folder; `map` as in `--map "Column=field"` for unknown CSVs."""

    path: str
    map: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a file, folder or .zip, whatever it is called and wherever it lies."""

    digest: str
    """Differs when what would be read differs: of the bytes; of several files also their names."""
    options: tuple[str, ...]
    """Those of the options that had a part in how it is read."""
    source_types: tuple[str, ...]
    """The types of source by which the config could name this path; none for most formats."""


class ImportFile:
    """A file, folder or .zip of any format that can be read."""

    Options: ClassVar[type[Any]] = ImportOptions

    def __init__(self, options: ImportOptions, access: Access) -> None:
        from connectors.csv.contacts import read_mapping

        self._options = options
        self._access = access
        self._path = Path(options.path).expanduser()
        self._mapping = read_mapping(options.map)
        self._has_use_of_mapping = False
        self._looked_into: tuple[list[File], list[ImportPart], list[Reject], list[str]] | None = (
            None
        )

    def collections(self) -> list[Collection]:
        """What is in it.

        :raises SourceError: nothing that can be read; the message lists what can.
        """
        single = self._single()
        if single is not None:
            return single.collections()
        with open_container(self._path) as container:
            parts = self._parts(container)
        return [self._collection(part) for part in parts]

    def pull(
        self, collection: Collection, cursor: str | None, known: Mapping[str, str]
    ) -> Iterator[Page]:
        """Everything, or one empty page when the files are as they were.

        :raises SourceError: they cannot be read.
        """
        single = self._single()
        if single is not None:
            yield from single.pull(collection, cursor, known)
            return
        with open_container(self._path) as container:
            parts = {part.href: part for part in self._parts(container)}
            if collection.href not in parts:
                raise SourceError(
                    f"{collection.name} is no longer in {self._path}. {UNCHANGED}",
                    hint="Repeat the command when nothing writes there.",
                )
            part = parts[collection.href]
            refused = container.refused if part is next(iter(parts.values())) else []
            now = state_of_part(part, refused, self._mapping)
            if now == cursor:
                yield Page(cursor=now)
                return
            failed = list(container.unreadable)
            entries = entries_of(container, part, self._mapping, self._access, failed)
            for page in pages(chain(refused, entries), known, now):
                # What we hold of a file that cannot be read now is not gone: it cannot be seen.
                yield replace(page, complete=False) if failed and known else page

    def content(self) -> Content:
        """What is in it, without reading the cards and meetings.

        :raises SourceError: nothing that can be read. :raises UsageError: a mapping of no use.
        """
        found = recognise(self._path, self._mapping)
        if self._single() is not None and found.format != "folder":
            with open_regular(self._path) as stream:
                digest = fingerprint(chunks_of(stream))
            is_source = found.format in SOURCE_FORMATS
            return self._content(digest, found.format == "csv", (found.format,) * is_source)
        with open_container(self._path) as container:
            if self._single() is not None:  # an .abbu folder: all that is in it
                digest = fingerprint(_bytes_of(container, [file.name for file in container.files]))
                return self._content(digest, has_use_of_mapping=False, types=())
            parts = self._parts(container)
            names = sorted(file.name for part in parts for file in part.files)
            digest = fingerprint(_bytes_of(container, names))
        types = {part.format for part in parts} if found.format == "folder" else set()
        return self._content(digest, self._has_use_of_mapping, tuple(sorted(types)))

    def _content(self, digest: str, has_use_of_mapping: bool, types: tuple[str, ...]) -> Content:
        options = tuple(sorted({one.strip() for one in self._options.map}))
        only_known = all(one in SOURCE_FORMATS for one in types)
        return Content(digest, options if has_use_of_mapping else (), types if only_known else ())

    def size(self) -> int:
        """How many bytes there are to read; a .zip counts as it is packed."""
        return size_of(self._path)

    def _collection(self, part: ImportPart) -> Collection:
        name = part.href.removesuffix(CALENDARS)
        name = self._path.resolve().name if name == "." else name
        return Collection(part.href, name, kinds_of(part), is_read_only=True)

    def _single(self) -> Connector | None:
        """The connector of a single file or an .abbu folder; None for a container."""
        found = recognise(self._path, self._mapping)
        if found.format == "folder" and _is_abbu(self._path):
            entry = _CONNECTORS["abbu"]
        elif found.format in ("folder", "zip"):
            return None
        else:
            entry = _CONNECTORS[found.format]
        options: dict[str, Any] = {"path": str(self._path)}
        if found.format == "csv":
            options["map"] = self._options.map
        connector = connectors.load(entry)
        made: Connector = connector(connector.Options(**options), self._access)
        return made

    def _parts(self, container: Container) -> list[ImportPart]:
        """The collections of a container; each file is looked into once a run.

        :raises SourceError: there is nothing in it that can be read.
        """
        if self._looked_into is not None and self._looked_into[0] == container.files:
            _, parts, container.refused[:], container.unreadable[:] = self._looked_into
            return parts
        kinds: dict[str, FileFormat] = {}
        others: list[str] = []
        for file in container.files:
            try:
                kind = self._sniff(container, file.name)
            except SourceError as error:
                content = file.name.encode("utf-8", "surrogateescape")
                container.refused.append(Reject(str(error), file.name, content=content))
                container.unreadable.append(file.name)
                continue
            if kind is None:
                others.append(file.name)
            else:
                kinds[file.name] = kind
        if self._mapping and not self._has_use_of_mapping:
            columns = ", ".join(self._mapping)
            raise UsageError(
                f"No CSV in {self._path} has the columns {columns}. Nothing was read.",
                hint="Import the CSV by itself to see what its columns are.",
            )
        if others:
            container.refused.append(_ignored(others))
        parts = parts_of([file for file in container.files if file.name in kinds], kinds)
        if not parts:
            why = "".join(f" {reject.href}: {reject.reason}." for reject in container.refused[:3])
            raise SourceError(
                f"{self._path} holds nothing that can be read.{why} It can be {READABLE}. "
                f"{UNCHANGED}",
                hint="Export the contacts as vCard (.vcf), the calendar as iCalendar (.ics).",
            )
        self._looked_into = (
            list(container.files),
            parts,
            list(container.refused),
            list(container.unreadable),
        )
        return parts

    def _sniff(self, container: Container, name: str) -> FileFormat | None:
        with container.open(name) as stream:
            head = stream.read(HEAD_BYTES)
        try:
            found = sniff(head, self._mapping, name)
            self._has_use_of_mapping |= found is not None and found.format == "csv"
        except UsageError:
            found = sniff(head, {}, name)
        if found is None or found.needs_mapping or found.format == "zip":
            return None
        return found.format


def _is_abbu(path: Path) -> bool:
    from connectors.formats.apple_address_book import find_books

    return bool(find_books(path))


def _bytes_of(container: Container, names: list[str]) -> Iterator[bytes]:
    """The names and bytes of these files; of one that cannot be read, that it cannot."""
    for name in names:
        yield f"{name}\0".encode("utf-8", "surrogateescape")
        try:
            with container.open(name) as stream:
                yield fingerprint(chunks_of(stream)).encode()
        except SourceError:
            yield b"unreadable"


def _ignored(names: list[str]) -> Reject:
    """A warning that names what lies beside and was not read."""
    few = ", ".join(PurePosixPath(name).name for name in names[:5])
    more = ", …" if len(names) > 5 else ""
    content = "\n".join(names).encode("utf-8", "surrogateescape")[:100_000]
    number = f"{len(names):,} other file{'s' if len(names) > 1 else ''}"
    reason = (
        f"{number} ignored, no contacts or calendar found in {'them' if len(names) > 1 else 'it'}:"
        f" {few}{more}; a CSV can be imported by itself, with --map"
    )
    return Reject(reason, "other files", content=content, is_warning=True)
