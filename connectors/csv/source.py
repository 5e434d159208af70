"""CSV files of contacts: the exports of the well-known programs, and any other by a mapping."""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from connectors.contract import Access, Contact, Item
from connectors.csv.contacts import Table, proposed_mapping, read, read_mapping, understand
from connectors.csv.rows import HEAD_BYTES, open_text, read_rows
from connectors.errors import SourceError
from connectors.file_source import (
    UNCHANGED,
    Entry,
    FileSource,
    chunks_of,
    fingerprint,
    open_regular,
)


@dataclass(frozen=True, slots=True)
class ColumnPreview:
    """A column, the field it would become (as in `--map`), and its first values."""

    column: str
    field: str | None
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be taken from a CSV file, before anything is."""

    title: str
    columns: tuple[ColumnPreview, ...]
    contacts: tuple[Contact, ...]
    """The first rows as they would be read."""
    is_known: bool
    """False: the fields are a proposal, and `--map` is needed."""
    map_options: tuple[str, ...]
    """What to write after `--map` to take the proposal as it is."""


def preview(stream: BinaryIO, mapping: Mapping[str, str], name: str, rows: int = 3) -> Preview:
    """What would be taken from a file.

    :raises SourceError: it is no table of cells.
    :raises UsageError: the mapping names a column that is not there.
    """
    head = stream.read(HEAD_BYTES)
    table = _understood(head, mapping, name)
    is_known = table.is_understood
    proposal = {} if is_known else proposed_mapping(table)
    if proposal:
        table = _understood(head, proposal, name)
    text = open_text(io.BytesIO(head), table.layout.encoding)
    first = list(islice(read_rows(text, table.layout), rows))
    columns = []
    for number, column in enumerate(table.columns):
        cells = (row.cells[number : number + 1] for row in first)
        examples = tuple(cell[0] for cell in cells if cell and cell[0])
        target = table.targets[column]
        columns.append(ColumnPreview(column, target.text() if target else None, examples))
    entries = read(io.BytesIO(head), table) if table.is_understood else iter(())
    found = (entry.contact for entry in entries if isinstance(entry, Item) and entry.contact)
    options = tuple(f"{column}={text}" for column, text in proposal.items())
    return Preview(table.title, tuple(columns), tuple(islice(found, rows)), is_known, options)


@dataclass(frozen=True, slots=True)
class CsvOptions:
    """`path` of the file; `map` as in `--map "Column=field"`, for columns nobody knows."""

    path: str
    map: tuple[str, ...] = ()


class CsvFile(FileSource):
    """A CSV file as a source with one collection of contacts."""

    Options: ClassVar[type[Any]] = CsvOptions

    def __init__(self, options: CsvOptions, access: Access) -> None:
        super().__init__(Path(options.path).expanduser(), access)
        self.mapping = read_mapping(options.map)

    def fingerprint(self) -> str:
        """Of the bytes and the mapping."""
        with open_regular(self.path) as stream:
            return fingerprint(chain([json.dumps(self.mapping).encode()], chunks_of(stream)))

    def entries(self) -> Iterator[Entry]:
        """The rows.

        :raises SourceError: it is no CSV, or its columns are unknown and not mapped.
        """
        with open_regular(self.path) as stream:
            table = _understood(stream.read(HEAD_BYTES), self.mapping, str(self.path))
            stream.seek(0)
            yield from read(stream, table)


def _understood(head: bytes, mapping: Mapping[str, str], name: str) -> Table:
    """See `understand`.

    :raises SourceError: it is no table of cells.
    """
    table = understand(head, mapping, name)
    if table is None:
        raise SourceError(
            f"{name} is not a CSV file that can be read. {UNCHANGED}",
            hint="Export it as CSV with a line of column names, or as vCard (.vcf).",
        )
    return table
