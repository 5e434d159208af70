"""What an earlier version stored → read once more by better readers, without fetching.

A new version may read in a card or an event what the one before could not. The bodies are there:
on the first run after `connectors.READERS` was raised each live card and event is read again, a
batch a transaction. Records, items and meetings keep their numbers; a run that is cut off begins
again, for each step can be done twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import connectors
from connectors.contract import Collection, Contact
from pipeline.book import body_store, duckdb_instances, memory_bounds
from pipeline.book.bulk_insert import insert_json
from pipeline.book.queries import query
from pipeline.sync import expand_series, load
from pipeline.sync.raw_rows import card_text, received
from pipeline.sync.record_ids import RecordIds

if TYPE_CHECKING:
    import duckdb

BATCH = 500
"""Items that are in memory at once."""

StoredRow = tuple[Any, ...]


def read_again(connection: "duckdb.DuckDBPyConnection", now: datetime, zone: ZoneInfo) -> None:
    """Read what is stored again if an earlier version of the readers did. Call it once a run.

    The connection uses the state file.
    """
    known = connection.execute("select max(version) from raw.readers").fetchone()
    if known and known[0] == connectors.READERS:
        return
    records = RecordIds(connection, now)
    for rows in _batches(
        connection, query("reparse_cards"), [list(connectors.CARD_READERS), BATCH]
    ):
        with duckdb_instances.transaction(connection):
            _read_cards(records, rows)
        memory_bounds.release_memory(connection)
    for rows in _batches(connection, query("reparse_events"), [BATCH]):
        for (source, href), some in groupby(sorted(rows, key=_place), key=_place):
            writer = _writer(records, source, href)
            expand_again(connection, writer, [row[3] for row in some], now, zone)
        memory_bounds.release_memory(connection)
    with duckdb_instances.transaction(connection):
        connection.execute("delete from raw.readers")
        connection.execute("insert into raw.readers values ($1, $2)", [connectors.READERS, now])


def expand_again(
    connection: "duckdb.DuckDBPyConnection",
    writer: load.CollectionWriter,
    hrefs: Sequence[str],
    now: datetime,
    zone: ZoneInfo,
) -> None:
    """Lay the meetings of these stored events anew, with what belongs to the same series."""
    events = expand_series.read_stored(connection, *writer.place, hrefs=hrefs)
    uids = [str(one.uid) for one in events if expand_series.spans_items(one.media_type)]
    if uids:
        here = set(hrefs)
        series = expand_series.read_stored(connection, *writer.place, uids=uids)
        events += [one for one in series if one.href not in here]
    found = expand_series.expand(events, now, zone)
    with duckdb_instances.transaction(connection):
        writer.replace_meetings(found.meetings)
        writer.set_expanded(found.expanded_until, [one.href for one in events])


def _read_cards(records: RecordIds, rows: Sequence[StoredRow]) -> None:
    """Put what the readers make of these cards in the place of what stands there."""
    connection = records.connection
    large = body_store.kept(connection, {row[6] for row in rows if row[6]})
    for place, some in groupby(sorted(rows, key=_place), key=_place):
        better: list[tuple[StoredRow, str]] = []
        within = []
        for row in some:
            body = large[row[6]] if row[6] else bytes(row[5])
            if not _is_utf8(body):
                continue  # what it is written in may have stood elsewhere in its file
            contact, _ = connectors.load(connectors.CARD_READERS[row[4]])(body)
            if contact != Contact(uid=contact.uid):
                better.append((row, card_text(contact)))
            if finder := connectors.CARDS_WITHIN.get(row[4]):
                found = connectors.load(finder)(row[3], body)
                within += [replace(item, file=row[7]) for item in found]
        connection.execute(
            "delete from raw.contacts where item_id in (select unnest($1::bigint[]))",
            [[row[0] for row, _ in better]],
        )
        insert_json(
            connection,
            "raw.contacts",
            [text for _, text in better],
            {
                "item_id": [row[0] for row, _ in better],
                "record_id": [row[8] for row, _ in better],
                "href": [row[3] for row, _ in better],
                "first_seen_at": [row[9].replace(tzinfo=UTC) for row, _ in better],
            },
            {"source": place[0], "collection": place[1], "gone_at": None},
        )
        writer = _writer(records, *place)
        there = writer.known([item.href for item in within])
        fresh = [received(item) for item in within if item.href not in there]
        if fresh:
            writer.write(load.Write(items=fresh))


def _batches(
    connection: "duckdb.DuckDBPyConnection", query: str, values: Sequence[Any]
) -> Iterator[list[StoredRow]]:
    """The rows of a query that takes the last item_id seen and, at its end, how many are wanted."""
    last = -1
    while rows := connection.execute(query, [last, *values]).fetchall():
        last = rows[-1][0]
        yield rows


def _writer(records: RecordIds, source: str, href: str) -> load.CollectionWriter:
    """Of no run: it writes no rejects."""
    return load.CollectionWriter(records, source, Collection(href, href, frozenset()), 0)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


_place = itemgetter(1, 2)
