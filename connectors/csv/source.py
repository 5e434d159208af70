"""CSV files of contacts: the exports of the well-known programs, and any other by a mapping."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar

from connectors.contract import Access
from connectors.csv.contacts import Table, read, read_mapping, understand
from connectors.csv.rows import HEAD_BYTES
from connectors.errors import UNCHANGED, SourceError
from connectors.file_source import (
    Entry,
    FileSource,
    chunks_of,
    fingerprint,
    open_regular,
)


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
