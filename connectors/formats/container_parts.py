"""The parts of a folder or .zip, each a collection: which files make it up, what stands in it."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from connectors.contract import Access, Kind, Reject
from connectors.errors import SourceError, UsageError
from connectors.file_source import Entry, fingerprint, in_file
from connectors.formats.folder_or_zip import Container, File
from connectors.formats.recognise_format import HEAD_BYTES, FileFormat
from connectors.stable_item_ids import Hrefs

CONTACTS: frozenset[Kind] = frozenset({"contact"})
MEETINGS: frozenset[Kind] = frozenset({"event", "task"})

CALENDARS = "#calendars"
"""Ends the key of a folder's calendars: its cards, if it has any, are another collection."""


@dataclass(frozen=True, slots=True)
class ImportPart:
    """Files of a folder or archive that make one collection."""

    href: str
    format: FileFormat
    files: tuple[File, ...]
    is_labelled: bool = False
    """Each file holds the cards of one label and stands in a folder called so (Google Takeout)."""


def kinds_of(part: ImportPart) -> frozenset[Kind]:
    """What a part may bring."""
    return MEETINGS if part.format == "ical" else CONTACTS


def parts_of(files: list[File], kinds: Mapping[str, FileFormat]) -> list[ImportPart]:
    """The collections of a container, keyed by the folder or file in it."""
    labelled = _labelled(files, kinds)
    groups: dict[tuple[str, FileFormat], list[File]] = {}
    for file in files:
        kind = kinds[file.name]
        parent = PurePosixPath(file.name).parent
        if file.name in labelled:
            groups.setdefault((str(parent.parent), kind), []).append(file)
        elif kind in ("vcard", "ical"):
            groups.setdefault((str(parent), kind), []).append(file)
        else:
            groups.setdefault((file.name, kind), []).append(file)
    return [
        ImportPart(
            href + CALENDARS if kind == "ical" else href,
            kind,
            tuple(members),
            members[0].name in labelled,
        )
        for (href, kind), members in groups.items()
    ]


def _labelled(files: list[File], kinds: Mapping[str, FileFormat]) -> set[str]:
    """The files X/X.vcf side by side: a card stands in one for each of its labels."""
    siblings: dict[str, list[str]] = {}
    for file in files:
        path = PurePosixPath(file.name)
        if kinds[file.name] == "vcard" and path.stem == path.parent.name:
            siblings.setdefault(str(path.parent.parent), []).append(file.name)
    return {name for names in siblings.values() if len(names) > 1 for name in names}


def state_of_part(part: ImportPart, refused: list[Reject], mapping: Mapping[str, str]) -> str:
    """A cursor: differs when a file of the part, what was refused or the mapping does."""
    texts = [f"{file.name}\0{file.state}\0" for file in part.files]
    texts += [f"{reject.href}\0{reject.reason}\0" for reject in refused]
    texts += [f"{column}={text}\0" for column, text in mapping.items()]
    return fingerprint(text.encode("utf-8", "surrogateescape") for text in texts)


def entries_of(
    container: Container,
    part: ImportPart,
    mapping: Mapping[str, str],
    access: Access,
    failed: list[str],
) -> Iterator[Entry]:
    """What stands in the files of a part. One bad file leaves the others alone.

    :param failed: takes the names of those that could not be read.
    """
    if part.is_labelled:
        from connectors.formats.google_takeout import labelled_cards

        yield from labelled_cards(container, [file.name for file in part.files], failed)
        return
    hrefs = Hrefs()
    for file in part.files:
        try:
            for entry in _file_entries(container, file.name, part.format, hrefs, mapping, access):
                yield entry if part.href == file.name else in_file(entry, file.name)
        except SourceError as error:
            failed.append(file.name)
            content = file.name.encode("utf-8", "surrogateescape")
            yield Reject(str(error), hrefs.give(f"file:{file.name}"), content=content)


def _file_entries(
    container: Container,
    name: str,
    kind: FileFormat,
    hrefs: Hrefs,
    mapping: Mapping[str, str],
    access: Access,
) -> Iterator[Entry]:
    with container.open(name) as stream:
        if kind == "vcard":
            from connectors.vcard.source import cards_in

            yield from cards_in(stream, hrefs, name=name)
        elif kind == "ical":
            from connectors.ical.file_items import MAX_FILE_BYTES, items_in

            body = stream.read(MAX_FILE_BYTES)
            last = name
            for entry in items_in("", Path(name), body, access.zone):
                # Warnings follow what they warn of.
                if not (isinstance(entry, Reject) and entry.is_warning):
                    last = hrefs.give(entry.href or name)
                yield replace(entry, href=last)
        elif kind == "csv":
            from connectors.csv import contacts

            head = stream.read(HEAD_BYTES)
            try:
                table = contacts.understand(head, mapping, name)
            except UsageError:
                table = contacts.understand(head, {}, name)  # the mapping is for another file
            stream.seek(0)
            if table is not None:
                yield from contacts.read(stream, table)
        elif kind == "ldif":
            from connectors.formats import ldif

            yield from ldif.read(stream)
        else:
            from connectors.formats.apple_address_book import load_book
            from connectors.formats.apple_records import read

            with closing(load_book(stream, name)) as book:
                yield from read(book, name)
