"""Pages → the raw tables of the state file: in bulk, one transaction a page.

Rows go through DuckDB's Appender, cards as JSON that DuckDB reads itself, into tables without
keys (409,000 rows/s where executemany makes 3,000). What a page brings again is first taken away,
so that each typed table has one row a thing; superseded bodies stay 90 days.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from connectors.contract import Collection, Kind, Meeting, Reject
from pipeline.book import body_store, memory_bounds
from pipeline.book.bulk_insert import append, append_nested, insert_json, take_numbers
from pipeline.book.queries import query
from pipeline.sync import card_record_ids, record_ids
from pipeline.sync.omitted_attendees import keep_known
from pipeline.sync.raw_rows import TASK_FIELDS_OF, MeetingRows, Received
from pipeline.sync.record_ids import RecordIds

if TYPE_CHECKING:
    import duckdb

REJECT_BYTES = 65_536
"""How much of a reject's content is kept."""

KEEP_SUPERSEDED = timedelta(days=90)


@dataclass(slots=True)
class KnownItem:
    """What the state holds of one item."""

    item_id: int
    uid: str | None
    first_seen_at: datetime
    is_gone: bool


GIVEN = ("accepted", "tentative", "declined")
NOT_ANSWERED = ("needs-action",)


@dataclass(slots=True)
class Write:
    """One page, ready to be written down in one transaction."""

    items: Sequence[Received] = ()
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
        self._rejected = self._read_rejected()
        self._changed: card_record_ids.Changed = {}

    @property
    def place(self) -> tuple[str, str]:
        """Source and collection."""
        return self._source, self._collection.href

    def live(self) -> dict[str, Kind]:
        """The hrefs of the live items, and what they are."""
        rows = self._connection.execute(query("load_live"), [*self.place]).fetchall()
        return dict(rows)

    def rejected(self) -> set[str]:
        """The hrefs of what could not be read in an earlier run."""
        return {href for href in self._rejected if href is not None}

    def known(self, hrefs: Iterable[str]) -> dict[str, KnownItem]:
        """What the state holds of these: asked a page, for a book can be long."""
        wanted = list(hrefs)
        if not wanted:
            return {}
        rows = self._connection.execute(query("load_known"), [*self.place, wanted]).fetchall()
        memory_bounds.release_memory(self._connection)
        return {
            href: KnownItem(item_id, uid, seen.replace(tzinfo=UTC), is_gone)
            for href, item_id, uid, seen, is_gone in rows
        }

    def news(
        self, items: Sequence[Received], live: AbstractSet[str]
    ) -> tuple[list[Received], dict[int, str]]:
        """The items that say something new; and of those known body for body, item_id → etag.

        `live`: the hrefs of what was there before this pull. Some servers have no etags, or give
        another one each time: then the bodies tell. An item whose etag was taken away is read
        anew, whatever its body.
        """
        asked = [one.href for one in items if one.href in live and not one.is_read_anew]
        if not asked:
            return [*items], {}
        rows = self._connection.execute(query("load_bodies"), [*self.place, asked]).fetchall()
        memory_bounds.release_memory(self._connection)
        known = {href: tuple(rest) for href, *rest in rows}
        news, same = [], {}
        for item in items:
            item_id, *was = known.get(item.href, (0,))
            if was == [item.kind, item.media_type, sha256(item.body).hexdigest()]:
                same[item_id] = item.etag
            else:
                news.append(item)
        return news, same

    def set_etags(self, etags: Mapping[int, str]) -> None:
        """item_id → the etag that the source has for it now."""
        if not etags:
            return
        for table, condition in (("raw.items", " and superseded_at is null"), ("raw.tasks", "")):
            self._connection.execute(
                f"update {table} set etag = told.etag from"
                " (select unnest($1::bigint[]) as item_id, unnest($2::varchar[]) as etag) as told"
                f" where {table}.item_id = told.item_id{condition}",
                [[*etags], [*etags.values()]],
            )

    def write(self, page: Write) -> None:
        """Write a page down. Call it within a transaction."""
        items = list({item.href: item for item in page.items}.values())
        meetings, also = page.meetings, page.replaces_meetings_of
        known = self.known({item.href for item in items}.union(page.gone, meetings, also))
        cards = [item for item in items if item.card]
        item_ids = {href: item.item_id for href, item in known.items()}
        own = card_record_ids.read(self._records, self.place, cards, item_ids, self._changed)
        self._supersede([known[item.href].item_id for item in items if item.href in known])
        self._give_item_ids(items, known)
        self._append_items(items, known, page.expanded_until)
        numbers = card_record_ids.assign(self._records, self.place, cards, own, page.gone)
        self._append_contacts(cards, numbers, known)
        self._append_tasks(items, known)
        self._lay_meetings(meetings, known, also)
        gone = [known[href] for href in page.gone if href in known]
        self._mark_gone(gone)
        if gone:
            card_record_ids.follow_moves(self._records, [item.item_id for item in gone])
        self._write_rejects(items, page)

    def replace_meetings(self, meetings: Mapping[str, Sequence[Meeting]]) -> None:
        """Lay the meetings of these items anew."""
        self._lay_meetings(meetings, self.known(meetings))

    def _lay_meetings(
        self,
        meetings: Mapping[str, Sequence[Meeting]],
        known: Mapping[str, KnownItem],
        also: Sequence[str] = (),
    ) -> None:
        """Take away the meetings of all these items and lay those that are given."""
        ids = [known[href].item_id for href in {*meetings, *also} if href in known]
        meetings = keep_known(self._connection, meetings, ids)
        numbers = record_ids.read_meeting_ids(self._connection, ids) if ids else {}
        given = self._replies(GIVEN, ids)
        if ids:
            self._connection.execute(
                "delete from raw.meetings where item_id in (select unnest($1::bigint[]))", [ids]
            )
        found = [(known[href].item_id, some) for href, some in meetings.items()]
        append_nested(
            self._connection,
            "raw.meetings",
            MeetingRows(self._records, self.place).of(
                found, record_ids.give_meeting_ids(self._connection, found, numbers)
            ),
        )
        if given:
            self._keep_replies(given, self._replies(NOT_ANSWERED, ids))

    def _replies(self, which: Sequence[str], ids: list[int]) -> dict[tuple[int, str, int], str]:
        """Item, recurrence-id and record of guests who so replied → the reply."""
        if not ids:
            return {}
        rows = self._connection.execute(query("load_replies"), [ids, [*which]]).fetchall()
        return {(item, recurrence, record): reply for item, recurrence, record, reply in rows}

    def _keep_replies(
        self,
        given: Mapping[tuple[int, str, int], str],
        reset: Iterable[tuple[int, str, int]],
    ) -> None:
        """Remember the replies that were given and that the new version does not know any more."""
        kept = [(*key, given[key], self._now) for key in reset if key in given]
        for item, recurrence, record, *_ in kept:
            self._connection.execute(
                "delete from raw.given_replies"
                " where item_id = $1 and recurrence_id = $2 and record_id = $3",
                [item, recurrence, record],
            )
        append(self._connection, "raw.given_replies", kept)

    def set_expanded(self, until: Mapping[str, datetime], hrefs: Sequence[str]) -> None:
        """Note how far these series are expanded; those that `until` does not name are complete."""
        for href, item in self.known(hrefs).items():
            self._connection.execute(
                "update raw.items set expanded_until = $1"
                " where item_id = $2 and superseded_at is null",
                [until.get(href), item.item_id],
            )

    def save_cursor(self, cursor: str | None, *, complete: bool) -> None:
        """Note where the next pull takes up; call it in the transaction of the last page."""
        row = self._connection.execute(
            query("load_cursor"), [self._source, self._collection.href]
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

    def hold_cursor(self) -> None:
        """Note the collection without moving its cursor: it was not read to the end."""
        changed = self._connection.execute(
            query("load_hold_cursor"),
            [*self.place, self._collection.name, sorted(self._collection.kinds)],
        ).fetchone()
        if not changed:
            self._connection.execute(
                "insert into raw.cursors (source, collection, collection_name, kinds)"
                " values ($1, $2, $3, $4)",
                [*self.place, self._collection.name, sorted(self._collection.kinds)],
            )

    def _read_rejected(self) -> set[str | None]:
        rows = self._connection.execute(
            query("load_rejected"), [self._source, self._collection.href, self._run_id]
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

    def _give_item_ids(self, items: Sequence[Received], known: dict[str, KnownItem]) -> None:
        """A number for each item that had none; all of them are live now."""
        fresh = [item.href for item in items if item.href not in known]
        numbers = take_numbers(self._connection, "raw.item_id_sequence", len(fresh))
        for href, number in zip(fresh, numbers, strict=True):
            known[href] = KnownItem(number, None, self._now, is_gone=False)
        for item in items:
            known[item.href].is_gone = False

    def _append_items(
        self,
        items: Sequence[Received],
        known: Mapping[str, KnownItem],
        expanded: Mapping[str, datetime],
    ) -> None:
        hashes = body_store.keep(self._connection, [item.body for item in items])
        append(
            self._connection,
            "raw.items",
            [
                (
                    known[item.href].item_id,
                    *self.place,
                    item.href,
                    item.uid,
                    item.kind,
                    item.media_type,
                    item.etag,
                    None if body_hash else item.body,
                    body_hash,
                    self._now,
                    known[item.href].first_seen_at,
                    expanded.get(item.href),
                    None,
                    None,
                    item.file,
                )
                for item, body_hash in zip(items, hashes, strict=True)
            ],
        )

    def _append_contacts(
        self, cards: Sequence[Received], numbers: Sequence[int], known: Mapping[str, KnownItem]
    ) -> None:
        insert_json(
            self._connection,
            "raw.contacts",
            [item.card for item in cards if item.card],
            {
                "item_id": [known[item.href].item_id for item in cards],
                "record_id": numbers,
                "href": [item.href for item in cards],
                "first_seen_at": [known[item.href].first_seen_at for item in cards],
            },
            {"source": self._source, "collection": self._collection.href, "gone_at": None},
        )

    def _append_tasks(self, items: Sequence[Received], known: Mapping[str, KnownItem]) -> None:
        append(
            self._connection,
            "raw.tasks",
            [
                (
                    known[item.href].item_id,
                    *self.place,
                    item.href,
                    item.etag,
                    *TASK_FIELDS_OF(item.task),
                    known[item.href].first_seen_at,
                    None,
                    item.task.mark or None,
                )
                for item in items
                if item.task
            ],
        )

    def _mark_gone(self, items: Iterable[KnownItem]) -> None:
        gone = [item.item_id for item in items if not item.is_gone]
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
                [self._now, gone],
            )

    def _write_rejects(self, items: Sequence[Received], page: Write) -> None:
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
            query("load_drop_rejects"),
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
    body_store.drop_unnamed(connection)
