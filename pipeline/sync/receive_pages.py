"""The writing side of a pull: what sources hand over, written by one thread, a page a transaction.

What is gone and what stays open of a collection is judged when its last page is in, and what is
gone of a source when it is done.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connectors.contract import Collection, Listing, Open, Page
from connectors.errors import KithbookError, SourceEmpty, SourceError
from pipeline.book import duckdb_instances, memory_bounds, run_log
from pipeline.book.bulk_insert import take_numbers
from pipeline.book.queries import query
from pipeline.config import Source
from pipeline.sync import collection_errors, expand_series, load, missing_tasks, unanswered_items
from pipeline.sync.collection_errors import Troubles, toml_list
from pipeline.sync.fetch import Delivery
from pipeline.sync.pull_outcome import Outcome
from pipeline.sync.raw_rows import Received
from pipeline.sync.record_ids import RecordIds
from pipeline.sync.reparse_stored import expand_again
from pipeline.sync.source_bugs import as_bug
from pipeline.terminal.terminal_text import count

if TYPE_CHECKING:
    import duckdb

RECONCILE = timedelta(days=7)
"""Servers lie about tokens: each collection is listed in full at least this often."""

EMPTY_AT_LEAST = 20
"""From this many known items on, losing more than half of them at once stops the collection."""


@dataclass(slots=True)
class Receiving:
    """One collection while its pages come in."""

    writer: load.CollectionWriter
    before: set[str]
    """The hrefs that were there before this pull."""
    watched: set[str]
    """Those and the hrefs of what could not be read then."""
    named: set[str] = field(default_factory=set)
    """Which of the watched this pull has named: not all, for a file can be long."""
    gone: set[str] = field(default_factory=set)
    open: dict[str, Open] = field(default_factory=dict)
    failed: bool = False


class PageReceiver:
    """The writing side: one connection, one thread."""

    def __init__(
        self,
        connection: "duckdb.DuckDBPyConnection",
        zone: ZoneInfo,
        now: datetime,
        *,
        command: str,
        allow_empty: bool,
        task_source: str | None,
    ) -> None:
        self._connection = connection
        self._zone = zone
        self._now = now
        self._command = command
        self._allow_empty = allow_empty
        self._task_source = task_source
        self._began = time.monotonic()
        self._records = RecordIds(connection, now)
        self._runs: dict[str, int] = {}
        self._ways: dict[str, str | None] = {}
        self._receiving: dict[tuple[str, str], Receiving] = {}
        self._names: dict[tuple[str, str], Collection] = {}
        self._lost: dict[str, list[Collection]] = {}
        self._troubles: dict[str, Troubles] = {}
        self.outcomes: dict[str, Outcome] = {}

    def begin(self, source: Source) -> None:
        """Note that the source's run has begun."""
        run_id = take_numbers(self._connection, "raw.run_id_sequence", 1)[0]
        self._connection.execute(
            "insert into raw.runs (run_id, source, started_at, status, command)"
            " values ($1, $2, $3, $4, $5)",
            [run_id, source.name, self._now, "running", self._command],
        )
        self._runs[source.name] = run_id
        self.outcomes[source.name] = Outcome(source.name)
        today = self._now.astimezone(self._zone).date()
        self._troubles[source.name] = collection_errors.begin(self._connection, source, today)

    def held(self, source: str) -> dict[str, Collection]:
        """The collections of a source of which something is held, by href."""
        return self._troubles[source].held

    def way(self, source: str) -> str | None:
        """To its collections, as it was found in the last days."""
        row = self._connection.execute(
            "select way from raw.ways where source = $1 and found_at > $2",
            [source, self._now - RECONCILE],
        ).fetchone()
        self._ways[source] = row[0] if row else None
        return self._ways[source]

    def _keep_way(self, source: str, way: str | None) -> None:
        """Of one that was told and led there it is known since when it is; others are new."""
        if way is None or way == self._ways.get(source):
            return
        self._connection.execute("delete from raw.ways where source = $1", [source])
        self._connection.execute(
            "insert into raw.ways values ($1, $2, $3)", [source, way, self._now]
        )

    def take(self, delivery: Delivery) -> None:
        """Write down what a source handed over, or what went wrong with it."""
        source, collection = delivery.source, delivery.collection
        found = self._troubles[source]
        if delivery.listing is not None:
            self._take_listing(source, delivery.listing, delivery.missing)
        elif collection and delivery.page:
            self._take_page(delivery, collection, delivery.page)
        elif collection and delivery.is_not_there:
            found.missing.add(collection.href)
            found.collections[collection.href] = collection
        if delivery.error:
            self._fail(source, delivery.error, collection)
        if delivery.finished:
            self._keep_way(source, delivery.way)
            self._finish(source, delivery.requests)

    def refresh_series(self, sources: Sequence[str]) -> None:
        """Expand again the series that time has caught up with, from their stored bodies."""
        for source in sources:
            for (name, _), collection in list(self._names.items()):
                if name != source:
                    continue
                hrefs = expand_series.overdue(self._connection, source, collection.href, self._now)
                if hrefs:
                    writer = self._receive(source, collection).writer
                    expand_again(self._connection, writer, hrefs, self._now, self._zone)

    def _take_listing(
        self, source: str, listing: Listing, missing: Sequence[Collection] | None
    ) -> None:
        """Note what is there; what is no longer there goes when the source is done."""
        found = self._troubles[source]
        found.listing = listing
        for collection in (*listing.chosen, *listing.hidden, *(missing or ())):
            self._names[source, collection.href] = collection
        hidden = [one for one in listing.hidden if one.href in found.held]
        for collection in (*listing.chosen, *hidden, *(missing or ())):
            found.collections[collection.href] = collection
        for trouble in listing.troubles:
            self._fail(source, trouble.error, trouble.collection)
        stays = {*found.collections}
        unlisted = [one for href, one in found.held.items() if href not in stays]
        leaving = {one.href for one in (*listing.left_out, *listing.directories)}
        self._leave_out(source, listing, [one for one in unlisted if one.href in leaving])
        unwanted = [one for one in unlisted if one.kinds <= listing.unwanted]
        self._leave_out(source, listing, unwanted)
        settled = leaving | {one.href for one in unwanted}
        self._lost[source] = [one for one in unlisted if one.href not in settled]
        is_bare = not listing.chosen and not listing.troubles
        if missing is None and self._lost[source] and is_bare and not self._allow_empty:
            self._fail(source, _all_missing(source, self._lost[source]))

    def _leave_out(self, source: str, listing: Listing, leaving: Sequence[Collection]) -> None:
        """What the config does not want goes at once: that is the user's word, or ours."""
        directories = {one.href for one in listing.directories}
        for collection in leaving:
            before = self.outcomes[source].gone
            self._lose_collection(source, collection)
            gone = self.outcomes[source].gone - before
            if collection.href in directories:
                own = [one.name for one in listing.chosen if "contact" in one.kinds]
                line = toml_list([*own, collection.name])
                self.outcomes[source].notes.append(
                    f'{source}: "{collection.name}" is a directory of other people, not your '
                    f"address book: its {count(gone, 'card')} left the book. To keep it, write"
                    f" address_books = {line} into [source.{source}]."
                )

    def _lose_collections(self, source: str) -> None:
        """What is no longer there goes, unless it looks suspicious or nobody can say."""
        found = self._troubles[source]
        for href in sorted(found.missing):
            collection = found.collections[href]
            if (found.is_gone(collection) or self._allow_empty) and self._may_go(
                source, collection
            ):
                self._lose_collection(source, collection)
                found.missing.discard(href)
                found.collections.pop(href)
        lost = self._lost.pop(source, [])
        may_go = [one for one in lost if self._may_go(source, one)]
        if found.whole is None and not found.errors:
            for collection in may_go:
                self._lose_collection(source, collection)

    def _may_go(self, source: str, collection: Collection) -> bool:
        """Not when it is large: that is asked for (`SourceEmpty`)."""
        before = len(self._receive(source, collection).before)
        if before < EMPTY_AT_LEAST or self._allow_empty:
            return True
        self._fail(source, self._empty(source, collection, before), collection)
        return False

    def _lose_collection(self, source: str, lost: Collection) -> None:
        receiving = self._receive(source, lost)
        # A list that is missing or renamed says nothing about the tasks in it.
        gone = [href for href, kind in receiving.writer.live().items() if kind != "task"]
        with duckdb_instances.transaction(self._connection):
            receiving.writer.write(load.Write(gone=gone))
            self.outcomes[source].gone += len(gone)
            self._connection.execute(
                "update raw.cursors set gone_at = $1 where source = $2 and collection = $3",
                [self._now, source, lost.href],
            )
            unanswered_items.save(self._connection, source, lost.href, {}, self._now)
        self._troubles[source].held.pop(lost.href, None)

    def _take_page(self, delivery: Delivery, collection: Collection, page: Page) -> None:
        source = delivery.source
        receiving = self._receive(source, collection)
        if receiving.failed:
            return
        if delivery.restarted:
            receiving.named.clear()
            receiving.gone.clear()
            receiving.open.clear()
        for hrefs in (
            [item.href for item in delivery.items],
            [reject.href for reject in page.rejects if reject.href],
            page.unchanged,
        ):
            receiving.named |= receiving.watched.intersection(hrefs)
            for href in receiving.open.keys() & set(hrefs):
                del receiving.open[href]
        receiving.gone.update(page.gone)
        receiving.open |= {one.href: one for one in page.open}
        is_last = page.complete or page.cursor is not None
        try:
            verdict = self._judge(source, collection, receiving, page) if is_last else None
            self._write(delivery, collection, page, verdict)
        except SourceError as error:
            self._fail(source, error, collection)
        except Exception as error:
            if _is_of_the_state(error):
                raise
            self._fail(source, as_bug(error, f"{source}: {collection.name}"), collection)
        if is_last and not receiving.failed:
            self._troubles[source].read.add(collection.href)
            self.outcomes[source].read.append(collection)

    def _judge(
        self, source: str, collection: Collection, receiving: Receiving, page: Page
    ) -> unanswered_items.PullVerdict:
        """What is gone and what is open at the end of a pull, applied only then.

        :raises SourceEmpty: suspiciously much is gone at once.
        """
        named = receiving.named | receiving.open.keys()
        missing = receiving.before - named if page.complete else set()
        gone = (receiving.gone | missing) & receiving.before - named
        verdict = unanswered_items.judge(
            receiving.open,
            unanswered_items.read(self._connection, source, collection.href),
            self._now,
            settled=receiving.named | receiving.gone,
            is_complete=page.complete,
            believes_lists=self._allow_empty,
        )
        unlisted = [href for href, one in receiving.open.items() if one.reason == "missing"]
        lost = len(gone) + len(unlisted)
        if (
            len(receiving.before) >= EMPTY_AT_LEAST
            and lost * 2 > len(receiving.before)
            and not self._allow_empty
        ):
            raise self._empty(source, collection, lost)
        verdict.gone = sorted(gone.union(verdict.gone))
        return verdict

    def _write(
        self,
        delivery: Delivery,
        collection: Collection,
        page: Page,
        verdict: unanswered_items.PullVerdict | None,
    ) -> None:
        """Write a page down; with the last one also what is gone, what is open and the cursor."""
        receiving = self._receive(delivery.source, collection)
        gone = verdict.gone if verdict else []
        items, same = receiving.writer.news(delivery.items, receiving.before)
        events, also = self._touched(delivery.source, items, collection, receiving, gone)
        found = expand_series.expand(events, self._now, self._zone)
        rejects = [*page.rejects, *found.rejects, *(verdict.rejects if verdict else ())]
        still_stand = receiving.named | receiving.open.keys()
        write = load.Write(
            items=items,
            meetings=found.meetings,
            expanded_until=found.expanded_until,
            replaces_meetings_of=also,
            gone=gone,
            rejects=rejects,
            rejects_still_stand=still_stand if page.complete else None,
        )
        try:
            with duckdb_instances.transaction(self._connection):
                receiving.writer.write(write)
                receiving.writer.set_etags(same)
                if delivery.source == self._task_source:
                    missing_tasks.miss(self._connection, receiving.writer.place, gone, self._now)
                if verdict:
                    self._save(receiving.writer, page, verdict)
        except BaseException:
            self._records.reset()
            raise
        memory_bounds.release_memory(self._connection)
        outcome = self.outcomes[delivery.source]
        outcome.count(items, unchanged=len(page.unchanged) + len(same), gone=gone, rejects=rejects)
        if verdict and verdict.blocking:
            outcome.open += unanswered_items.told(
                delivery.source, collection.name, verdict.blocking
            )
            outcome.open_kinds |= collection.kinds

    def _save(
        self, writer: load.CollectionWriter, page: Page, verdict: unanswered_items.PullVerdict
    ) -> None:
        """The cursor, which does not pass what is open."""
        unanswered_items.save(self._connection, *writer.place, verdict.rows, self._now)
        if verdict.blocking:
            writer.hold_cursor()
        else:
            writer.save_cursor(page.cursor, complete=page.complete)

    def _touched(
        self,
        source: str,
        items: Sequence[Received],
        collection: Collection,
        receiving: Receiving,
        gone: Sequence[str],
    ) -> tuple[list[expand_series.Stored], list[str]]:
        """The events to expand: those of the page, and the rest of the series they belong to."""
        events = [expand_series.stored(item) for item in items if item.kind == "event"]
        uids = {item.uid for item in receiving.writer.known(gone).values() if item.uid}
        uids |= {str(e.uid) for e in events if expand_series.spans_items(e.media_type)}
        if not uids:
            return events, []
        here = {event.href for event in events} | set(gone)
        others = [
            event
            for event in expand_series.read_stored(
                self._connection, source, collection.href, uids=sorted(uids)
            )
            if event.href not in here and expand_series.spans_items(event.media_type)
        ]
        return others + events, [event.href for event in others]

    def _receive(self, source: str, collection: Collection) -> Receiving:
        key = (source, collection.href)
        if key not in self._receiving:
            writer = load.CollectionWriter(self._records, source, collection, self._runs[source])
            live = set(writer.live())
            self._receiving[key] = Receiving(writer, live, live | writer.rejected())
        return self._receiving[key]

    def _empty(self, source: str, collection: Collection, count: int) -> SourceEmpty:
        return SourceEmpty(
            f"{source}: {count} items of {collection.name} are gone at once; nothing of it "
            "was taken away.",
            "If that is right: `kithbook pull --allow-empty`.",
        )

    def _fail(
        self, source: str, error: BaseException, collection: Collection | None = None
    ) -> None:
        """Note what is wrong with one collection, or with the source as such."""
        if not isinstance(error, KithbookError):
            raise error
        found = self._troubles[source]
        if collection is None:
            found.whole = found.whole or error
            return
        if (source, collection.href) in self._receiving:
            self._receiving[source, collection.href].failed = True
        found.note(collection, error)

    def _finish(self, source: str, requests: tuple[int, int] | None) -> None:
        self._lose_collections(source)
        found, outcome = self._troubles[source], self.outcomes[source]
        outcome.troubles = found.told()
        outcome.seconds = time.monotonic() - self._began
        outcome.unread = [found.collections[href] for href in (*found.errors, *found.missing)]
        with duckdb_instances.transaction(self._connection):
            collection_errors.save(self._connection, found, self._now)
        self._connection.execute(
            query("pull_end_run"),
            [
                self._now + timedelta(seconds=outcome.seconds),
                "failed" if outcome.error else "done",
                str(outcome.error) if outcome.error else None,
                outcome.changed,
                outcome.gone,
                outcome.rejected,
                *(requests or (None, None)),
                run_log.kind_of(outcome.error) if outcome.error else None,
                self._runs[source],
            ],
        )


def _is_of_the_state(error: Exception) -> bool:
    """The state file or the machine fails; no collection is to blame."""
    import duckdb

    if isinstance(error, duckdb.DataError):
        return False  # something that came in has no place in a column
    return isinstance(error, duckdb.Error | OSError | MemoryError | KithbookError)


def _all_missing(source: str, lost: Sequence[Collection]) -> SourceEmpty:
    names = ", ".join(collection.name for collection in lost)
    return SourceEmpty(
        f"{source} names no collection any more; it had {names}. Nothing of it was removed.",
        "Is the folder or account still there, and the disk mounted? If it is to be empty, "
        "say `kithbook pull --allow-empty`.",
    )
