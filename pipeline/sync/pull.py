"""Sources → raw. Side by side over the network, written by one thread, a page a transaction.

One failing source never stops another, nor one failing collection the rest of its source: what it
had stays, and the outcome says what went wrong (`collection_errors`).
"""

import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from connectors.contract import Collection
from pipeline.book.bulk_insert import seldom_collecting
from pipeline.book.queries import query
from pipeline.config import Config, Source
from pipeline.sync import load
from pipeline.sync.fetch import Delivery, Known
from pipeline.sync.pull_outcome import Outcome
from pipeline.sync.receive_pages import RECONCILE, PageReceiver
from pipeline.sync.source_thread import listen

if TYPE_CHECKING:
    import duckdb

PAGES_AHEAD = 1
"""How many wait to be written: the pages of files are large, and writing is the faster side."""


@seldom_collecting()
def pull(
    connection: "duckdb.DuckDBPyConnection",
    config: Config,
    sources: Sequence[Source],
    now: datetime,
    *,
    command: str = "pull",
    allow_empty: bool = False,
    on_page: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Pull these sources into the state file that the connection uses.

    `on_page` is told after each page how far its source has come.

    :raises KithbookError: the state file itself cannot be written.
    """
    zone = config.owner.zone
    receiver = PageReceiver(
        connection,
        zone,
        now,
        command=command,
        allow_empty=allow_empty,
        task_source=config.tasks.source if config.tasks else None,
    )
    waiting: queue.Queue[Delivery] = queue.Queue(maxsize=PAGES_AHEAD)
    stopped = threading.Event()
    for source in sources:
        receiver.begin(source)
        known = _known(connection, source.name, now, receiver.held(source.name))
        listen(source, config, known, waiting, stopped, receiver.way(source.name))
    try:
        under_way = len(sources)
        while under_way:
            delivery = waiting.get()
            receiver.take(delivery)
            if on_page and delivery.page:
                on_page(receiver.outcomes[delivery.source])
            under_way -= delivery.finished
            del delivery  # while the next one is waited for
    finally:
        stopped.set()
    receiver.refresh_series([source.name for source in sources])
    load.tidy(connection, now)
    return [receiver.outcomes[source.name] for source in sources]


def _known(
    connection: "duckdb.DuckDBPyConnection",
    source: str,
    now: datetime,
    held: Mapping[str, Collection],
) -> dict[str, Known]:
    """By collection: the cursor (None when a full listing is due) and the live etags."""
    rows = connection.execute(query("pull_cursors"), [source]).fetchall()
    stale = (now - RECONCILE).astimezone(UTC).replace(tzinfo=None)
    cursors = {
        collection: cursor if reconciled and reconciled > stale else None
        for collection, cursor, reconciled in rows
    }
    etags: dict[str, dict[str, str]] = {collection: {} for collection in cursors}
    for collection, href, etag in connection.execute(query("pull_etags"), [source]).fetchall():
        etags.setdefault(collection, {})[href] = etag
    for href in held:
        etags.setdefault(href, {})
    return {href: Known(cursors.get(href), found, held.get(href)) for href, found in etags.items()}
