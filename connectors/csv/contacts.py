"""Tables of contacts: which columns a CSV has, where they belong, and its rows as contacts.

A row is kept as JSON: the dialect or mapping it was read with and its non-empty cells under their
column names. So a newer export with more columns or another order of them changes no row.
"""

import io
import json
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import BinaryIO

from connectors.column_targets import FIELDS, ColumnContactBuilder, Target, read_target
from connectors.contract import Contact, Item, Reject
from connectors.csv.known_exports import BY_NAME, EXTRA, Dialect, find_dialect, normal, propose
from connectors.csv.rows import CsvRow, Layout, find_layout, open_text, read_rows, write_row
from connectors.dates import Order, tells_order
from connectors.errors import UNCHANGED, SourceError, UsageError
from connectors.file_source import Entry
from connectors.stable_item_ids import Hrefs, card_key

MEDIA_TYPE = "application/vnd.kithbook.row+json"

_AGAIN = re.compile(r" \(\d+\)\Z")
DATED = ("birthday", "anniversary", "death_date", "first_met")


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file understood: how it is cut and where each column belongs."""

    layout: Layout
    title: str
    columns: tuple[str, ...]
    """Their names, each once; see `columns_of`."""
    dialect: str | None
    """The name in `known_exports`, or None when the user mapped the columns."""
    targets: Mapping[str, Target | None]
    """Column → where it belongs; None for what is kept in `extra` under its name."""
    order: Order = "mdy"
    mapping: Mapping[str, str] = field(default_factory=dict)
    name: str = "FILE"
    """The file's, for messages."""

    @property
    def is_understood(self) -> bool:
        """Whether it is known where the columns belong, by dialect or mapping."""
        return self.dialect is not None or bool(self.mapping)


def read_mapping(options: Sequence[str]) -> dict[str, str]:
    """`("Column=field", …)` → {"Column": "field"}.

    :raises UsageError: there is no "=" or no such field.
    """
    mapping = {}
    for option in options:
        column, equals, target = option.rpartition("=")
        if not equals or not column.strip():
            raise UsageError(
                f"{option!r} does not say which column is which field. Nothing was read.",
                hint='Write it so: --map "Column=field". The fields are: ' + ", ".join(FIELDS),
            )
        read_target(target)
        mapping[column.strip()] = target.strip()
    return mapping


def understand(head: bytes, mapping: Mapping[str, str], name: str) -> Table | None:
    """What the first bytes say the file is; None when it is no table of cells.

    :param head: the first `rows.HEAD_BYTES`.
    :param name: the file's, for messages.
    :raises UsageError: the mapping names a column that is not there.
    """
    layout = find_layout(head, lambda cells: _count_known(cells, mapping))
    if layout is None:
        return None
    dialect = find_dialect(layout.header)
    theirs = {normal(column): text for column, text in mapping.items()}
    columns = columns_of(layout)
    missing = set(theirs) - {normal(column) for column in columns}
    if missing:
        raise UsageError(
            f"{name} has no column {min(missing)!r}. Nothing was read.",
            hint="Its columns are: " + ", ".join(columns),
        )
    targets: dict[str, Target | None] = {
        column: _target(column, theirs.get(normal(column)), dialect) for column in columns
    }
    known = dialect.title if dialect else "CSV read with a mapping" if mapping else "CSV"
    return Table(
        layout=layout,
        title=known,
        columns=tuple(columns),
        dialect=dialect.name if dialect else None,
        targets=targets,
        order=_order(head, layout, targets, dialect.order if dialect else "mdy"),
        mapping=mapping,
        name=name,
    )


def read(stream: BinaryIO, table: Table) -> Iterator[Entry]:
    """The rows of a file from its beginning, one at a time.

    :raises SourceError: the columns are unknown and there is no mapping.
    """
    if not table.is_understood:
        raise unknown_columns(table)
    hrefs = Hrefs()
    text = open_text(stream, table.layout.encoding)
    for row in read_rows(text, table.layout):
        yield from _read_row(row, table, hrefs)
    text.detach()  # the stream is the caller's to close


def read_body(body: bytes) -> tuple[Contact, list[str]]:
    """A row as it was kept → its contact, and what in it could not be read."""
    kept = json.loads(body)
    dialect = BY_NAME.get(kept["dialect"] or "")
    mapping = {normal(column): text for column, text in kept["map"].items()}
    targets = {
        column: _target(column, mapping.get(normal(column)), dialect) for column, _ in kept["cells"]
    }
    return _contact(kept["cells"], targets, kept["order"], dialect)


def proposed_mapping(table: Table) -> dict[str, str]:
    """Columns of an unknown file whose names say what they are → the field."""
    return {column: text for column in table.columns if (text := propose(column)) is not None}


def unknown_columns(table: Table) -> SourceError:
    """What to tell about a CSV whose columns nobody knows, with the command that would do."""
    columns = ", ".join(column[:40] for column in table.columns[:12])
    proposal = proposed_mapping(table) or {table.columns[0]: "full_name"}
    options = " ".join(f'--map "{column}={text}"' for column, text in proposal.items())
    return SourceError(
        f"{table.name} is a CSV of no program that is known: its columns are {columns}. "
        f"{UNCHANGED}",
        hint=f"Say which column is what: kithbook import {shlex.quote(table.name)} {options}",
    )


def columns_of(layout: Layout) -> list[str]:
    """The column names: one without a name is called by its place, a second of a name "X (2)"."""
    seen: Counter[str] = Counter()
    columns = []
    for number, name in enumerate(layout.header, 1):
        seen[normal(name)] += 1
        times = seen[normal(name)]
        again = f"{name} ({times})" if times > 1 else name
        columns.append(again if name else f"column {number}")
    return columns


def _count_known(cells: Sequence[str], mapping: Mapping[str, str]) -> int:
    dialect = find_dialect(cells)
    wanted = {normal(column) for column in mapping}
    mapped = len(wanted & {normal(cell) for cell in cells})
    return max(dialect.count_known(cells) if dialect else 0, mapped)


def _target(column: str, text: str | None, dialect: Dialect | None) -> Target | None:
    if text:
        return read_target(text)
    if dialect is None:
        return None
    return dialect.target(column) or dialect.target(_AGAIN.sub("", column))


def _order(
    head: bytes, layout: Layout, targets: Mapping[str, Target | None], default: Order
) -> Order:
    """Whether days or months stand first, from the dates at the beginning of the file."""
    dated = [
        number
        for number, column in enumerate(columns_of(layout))
        if (target := targets[column]) and target.field in DATED
    ]
    found: Counter[Order] = Counter()
    for row in read_rows(open_text(io.BytesIO(head), layout.encoding), layout):
        for number in dated:
            if number < len(row.cells) and (order := tells_order(row.cells[number])):
                found[order] += 1
    return found.most_common(1)[0][0] if found else default


def _read_row(row: CsvRow, table: Table, hrefs: Hrefs) -> Iterator[Entry]:
    """The item of a row and its warnings, or the reject that it is."""
    if row.problem:
        yield _reject(row, row.problem, hrefs)
        return
    columns = table.columns
    if len(row.cells) > len(columns):
        columns += tuple(f"column {n}" for n in range(len(columns) + 1, len(row.cells) + 1))
    cells = [
        (column, text)
        for column, cell in zip(columns, row.cells, strict=False)
        if (text := cell.strip())
    ]
    if not cells:
        yield Reject("the row is empty", None, row.number, write_row(row.cells), is_warning=True)
        return
    kept = {"dialect": table.dialect, "map": dict(table.mapping), "order": table.order}
    body = json.dumps({**kept, "cells": cells}, ensure_ascii=False).encode("utf-8", "replace")
    dialect = BY_NAME.get(table.dialect or "")
    contact, warnings = _contact(cells, table.targets, table.order, dialect)
    if not _names_somebody(contact):
        yield _reject(row, "no name, organisation, e-mail, phone or address of any kind", hrefs)
        return
    href = hrefs.give(card_key(contact, body))
    etag_of = json.dumps({**kept, "cells": sorted(cells)}).encode()
    etag = blake2b(etag_of, digest_size=16).hexdigest()
    yield Item(href, contact.uid, "contact", etag, MEDIA_TYPE, body, contact=contact)
    for warning in warnings:
        yield Reject(warning, href, 1, write_row(row.cells), is_warning=True)


def _contact(
    cells: Iterable[Sequence[str]],
    targets: Mapping[str, Target | None],
    order: Order,
    dialect: Dialect | None,
) -> tuple[Contact, list[str]]:
    draft = ColumnContactBuilder(order, splits_joins=dialect is not None and dialect.is_google)
    for column, value in cells:
        draft.add(targets.get(column) or EXTRA, value, column)
    return draft.contact(), draft.warnings


def _names_somebody(contact: Contact) -> bool:
    points = (contact.emails, contact.phones, contact.urls, contact.ims, contact.addresses)
    return bool(contact.full_name or contact.nicknames or any(points))


def _reject(row: CsvRow, reason: str, hrefs: Hrefs) -> Reject:
    content = row.text.encode("utf-8", "surrogatepass")
    href = hrefs.give("row:" + blake2b(content, digest_size=12).hexdigest())
    return Reject(reason, href, row.number, content)
