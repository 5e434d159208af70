"""Pages → the raw tables of the state file: bulk appends, one transaction a page.

Rows go through DuckDB's Appender into tables without keys (409,000 rows/s where executemany
makes 3,000). What a page brings again is first taken away, so that each typed table has one row a
thing; superseded bodies stay 90 days.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pipeline.bulk import append, append_nested, take_numbers
from pipeline.omitted import keep_known
from pipeline.record_ids import RecordIds
from pipeline.records import (
    Collection,
    Contact,
    Item,
    Kind,
    Meeting,
    Reject,
    Task,
)
from pipeline.rows import MeetingRows, contact_cells

if TYPE_CHECKING:
    import duckdb

LARGE_BODY = 16_384
"""Bytes; larger bodies stand once in raw.blobs, whatever number of versions they have."""

REJECT_BYTES = 65_536
"""How much of a reject's content is kept."""

KEEP_SUPERSEDED = timedelta(days=90)


@dataclass(slots=True)
class KnownItem:
    """What the state holds of one item."""

    item_id: int
    kind: Kind
    uid: str | None
    first_seen_at: datetime
    is_gone: bool


@dataclass(slots=True)
class Write:
    """One page, ready to be written down in one transaction."""

    items: Sequence[Item] = ()
    meetings: Mapping[str, Sequence[Meeting]] = field(default_factory=dict)
    """By the href of the item that carries them; every event of the page has an entry."""
    expanded_until: Mapping[str, datetime] = field(default_factory=dict)
    """By href, for the series that go on beyond their window."""
    replaces_meetings_of: Sequence[str] = ()
    """Further hrefs whose meetings are computed anew in this page (series of several items)."""
    gone: Sequence[str] = ()
    rejects: Sequence[Reject] = ()
    rejects_still_stand: AbstractSet[str] | None = None
    """On the last page of a full pull: which rejected hrefs it named; the other rejects of earlier
    runs are over."""


class CollectionWriter:
    """Writes one collection's pages. The connection uses the state file."""

    def __init__(
        self, records: RecordIds, source: str, collection: Collection, run_id: int
    ) -> None:
        self._connection = records.connection
        self._records = records
        self._source = source
        self._collection = collection
        self._run_id = run_id
        self._now = records.now
        self._items = self._read_items()
        self._rejected = self._read_rejected()

    @property
    def place(self) -> tuple[str, str]:
        """Source and collection."""
        return self._source, self._collection.href

    def live(self) -> set[str]:
        """The hrefs of the live items."""
        return {href for href, item in self._items.items() if not item.is_gone}

    def rejected(self) -> set[str]:
        """The hrefs of what could not be read in an earlier run."""
        return {href for href in self._rejected if href is not None}

    def uids(self) -> dict[str, str | None]:
        """UIDs by href of the live items."""
        return {href: item.uid for href, item in self._items.items() if not item.is_gone}

    def kinds(self) -> dict[str, Kind]:
        """What the live items are, by href."""
        return {href: item.kind for href, item in self._items.items() if not item.is_gone}

    def write(self, page: Write) -> None:
        """Write a page down. Call it within a transaction."""
        items = list({item.href: item for item in page.items}.values())
        replaced = [self._items[item.href].item_id for item in items if item.href in self._items]
        self._supersede(replaced)
        ids = self._give_item_ids(items)
        self._append_items(items, ids, page.expanded_until)
        self._append_contacts([item for item in items if item.kind == "contact"])
        self._append_tasks([item for item in items if item.kind == "task"])
        self.replace_meetings(page.meetings, page.replaces_meetings_of)
        self._mark_gone(page.gone)
        self._write_rejects(items, page)

    def replace_meetings(
        self, meetings: Mapping[str, Sequence[Meeting]], also: Sequence[str] = ()
    ) -> None:
        """Lay the meetings of these items anew."""
        hrefs = [href for href in (*meetings, *also) if href in self._items]
        ids = [self._items[href].item_id for href in hrefs]
        meetings = keep_known(self._connection, meetings, ids)
        if ids:
            self._connection.execute(
                "delete from raw.meetings where item_id in (select unnest($1::bigint[]))", [ids]
            )
        rows = MeetingRows(self._records, self.place)
        append_nested(
            self._connection,
            "raw.meetings",
            rows.of([(self._items[href].item_id, found) for href, found in meetings.items()]),
        )

    def set_expanded(self, until: Mapping[str, datetime], hrefs: Sequence[str]) -> None:
        """Note how far these series are expanded; those that `until` does not name are complete."""
        for href in hrefs:
            self._connection.execute(
                "update raw.items set expanded_until = $1"
                " where item_id = $2 and superseded_at is null",
                [until.get(href), self._items[href].item_id],
            )

    def save_cursor(self, cursor: str | None, *, complete: bool) -> None:
        """Note where the next pull takes up; call it in the transaction of the last page."""
        row = self._connection.execute(
            "select reconciled_at, first_complete_at from raw.cursors"
            " where source = $1 and collection = $2",
            [self._source, self._collection.href],
        ).fetchone()
        reconciled, first_complete = row or (None, None)
        self._connection.execute(
            "delete from raw.cursors where source = $1 and collection = $2",
            [self._source, self._collection.href],
        )
        self._connection.execute(
            "insert into raw.cursors values ($1, $2, $3, $4, $5, $6, $7, $8, null)",
            [
                self._source,
                self._collection.href,
                self._collection.name,
                sorted(self._collection.kinds),
                cursor,
                self._now,
                self._now if complete else reconciled,
                first_complete or self._now,
            ],
        )

    def _read_items(self) -> dict[str, KnownItem]:
        rows = self._connection.execute(
            "select href, item_id, kind, uid, timezone('UTC', first_seen_at),"
            " gone_at is not null from raw.items"
            " where source = $1 and collection = $2 and superseded_at is null",
            [self._source, self._collection.href],
        ).fetchall()
        return {
            href: KnownItem(item_id, kind, uid, seen.replace(tzinfo=UTC), is_gone)
            for href, item_id, kind, uid, seen, is_gone in rows
        }

    def _read_rejected(self) -> set[str | None]:
        rows = self._connection.execute(
            "select distinct href from raw.rejects"
            " where source = $1 and collection = $2 and run_id < $3",
            [self._source, self._collection.href, self._run_id],
        ).fetchall()
        return {row[0] for row in rows}

    def _supersede(self, ids: list[int]) -> None:
        if not ids:
            return
        self._connection.execute(
            "update raw.items set superseded_at = $1"
            " where superseded_at is null and item_id in (select unnest($2::bigint[]))",
            [self._now, ids],
        )
        for table in ("raw.contacts", "raw.tasks"):
            self._connection.execute(
                f"delete from {table} where item_id in (select unnest($1::bigint[]))",
                [ids],
            )

    def _give_item_ids(self, items: Sequence[Item]) -> list[int]:
        fresh = [item for item in items if item.href not in self._items]
        numbers = iter(take_numbers(self._connection, "raw.item_id_sequence", len(fresh)))
        for item in items:
            known = self._items.get(item.href)
            self._items[item.href] = KnownItem(
                known.item_id if known else next(numbers),
                item.kind,
                item.uid,
                known.first_seen_at if known else self._now,
                is_gone=False,
            )
        return [self._items[item.href].item_id for item in items]

    def _append_items(
        self, items: Sequence[Item], ids: Sequence[int], expanded: Mapping[str, datetime]
    ) -> None:
        hashes = [
            hashlib.sha256(item.body).hexdigest() if len(item.body) > LARGE_BODY else None
            for item in items
        ]
        self._append_blobs({h: item.body for h, item in zip(hashes, items, strict=True) if h})
        append(
            self._connection,
            "raw.items",
            [
                (
                    item_id,
                    self._source,
                    self._collection.href,
                    item.href,
                    item.uid,
                    item.kind,
                    item.media_type,
                    item.etag,
                    None if body_hash else item.body,
                    body_hash,
                    self._now,
                    self._items[item.href].first_seen_at,
                    expanded.get(item.href),
                    None,
                    None,
                )
                for item, item_id, body_hash in zip(items, ids, hashes, strict=True)
            ],
        )

    def _append_blobs(self, bodies: Mapping[str, bytes]) -> None:
        if not bodies:
            return
        there = self._connection.execute(
            "select body_hash from raw.blobs where body_hash in (select unnest($1::varchar[]))",
            [list(bodies)],
        ).fetchall()
        fresh = bodies.keys() - {row[0] for row in there}
        append(self._connection, "raw.blobs", [(h, bodies[h]) for h in sorted(fresh)])

    def _append_contacts(self, items: Sequence[Item]) -> None:
        read = [(item, item.contact) for item in items if item.contact]
        keys = [contact.uid or item.href for item, contact in read]
        records = self._records.of_cards(self._source, self._collection.href, keys)
        append_nested(
            self._connection,
            "raw.contacts",
            [
                self._contact_row(item, contact, records[key])
                for (item, contact), key in zip(read, keys, strict=True)
            ],
        )

    def _contact_row(self, item: Item, contact: Contact, record_id: int) -> tuple[Any, ...]:
        known = self._items[item.href]
        return (
            known.item_id,
            record_id,
            self._source,
            self._collection.href,
            item.href,
            contact.uid,
            contact.kind,
            contact.full_name,
            *contact_cells(contact),
            known.first_seen_at,
            None,
        )

    def _append_tasks(self, items: Sequence[Item]) -> None:
        append(
            self._connection,
            "raw.tasks",
            [self._task_row(item, item.task) for item in items if item.task],
        )

    def _task_row(self, item: Item, task: Task) -> tuple[Any, ...]:
        known = self._items[item.href]
        return (
            known.item_id,
            self._source,
            self._collection.href,
            item.href,
            item.etag,
            task.uid,
            task.title,
            task.notes,
            task.due_date,
            task.status,
            task.completed_at,
            task.priority,
            task.is_recurring,
            known.first_seen_at,
            None,
        )

    def _mark_gone(self, hrefs: Iterable[str]) -> None:
        gone = [
            self._items[href]
            for href in hrefs
            if href in self._items and not self._items[href].is_gone
        ]
        if not gone:
            return
        for table, condition in (
            ("raw.items", " and superseded_at is null"),
            ("raw.contacts", ""),
            ("raw.meetings", ""),
            ("raw.tasks", ""),
        ):
            self._connection.execute(
                f"update {table} set gone_at = $1"
                f" where item_id in (select unnest($2::bigint[])){condition}",
                [self._now, [item.item_id for item in gone]],
            )
        for item in gone:
            item.is_gone = True

    def _write_rejects(self, items: Sequence[Item], page: Write) -> None:
        named = {item.href for item in items} | {reject.href for reject in page.rejects}
        over = self._rejected & (named - {None})
        if page.rejects_still_stand is not None:
            over |= self._rejected - page.rejects_still_stand
        self._drop_rejects(over)
        append(
            self._connection,
            "raw.rejects",
            [
                (
                    self._run_id,
                    self._source,
                    self._collection.href,
                    reject.href,
                    reject.position,
                    reject.reason,
                    reject.content[:REJECT_BYTES],
                    reject.is_warning,
                    self._now,
                )
                for reject in page.rejects
            ],
        )

    def _drop_rejects(self, hrefs: set[str | None]) -> None:
        """Rejects of earlier runs that say nothing about what is there now."""
        if not hrefs:
            return
        self._connection.execute(
            "delete from raw.rejects where source = $1 and collection = $2 and run_id < $3"
            " and (href in (select unnest($4::varchar[])) or (href is null and $5))",
            [
                self._source,
                self._collection.href,
                self._run_id,
                [href for href in hrefs if href is not None],
                None in hrefs,
            ],
        )
        self._rejected -= hrefs


def tidy(connection: "duckdb.DuckDBPyConnection", now: datetime) -> None:
    """Drop bodies superseded more than 90 days ago, and blobs that nothing names any more."""
    connection.execute("delete from raw.items where superseded_at < $1", [now - KEEP_SUPERSEDED])
    connection.execute(
        "delete from raw.blobs where body_hash not in"
        " (select body_hash from raw.items where body_hash is not null)"
    )
