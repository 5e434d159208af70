"""Stored event bodies → meetings, through the connectors' expanders; again as time moves."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import connectors
from connectors.contract import Expander, Item, Meeting, Reject, Window
from pipeline.book import body_store
from pipeline.book.queries import query
from pipeline.sync.raw_rows import Received

if TYPE_CHECKING:
    import duckdb

HORIZON = timedelta(days=180)
"""How far ahead of the clock series are expanded."""

REFRESH = timedelta(days=120)
"""A series that is expanded less far ahead than this is expanded again."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stored:
    """An event's body, as received now or long ago."""

    href: str
    uid: str | None
    media_type: str
    body: bytes


@dataclass(slots=True)
class Occurrences:
    """What a number of events come to."""

    meetings: dict[str, Sequence[Meeting]] = field(default_factory=dict)
    """By the href of the item that carries them: the series' first item when it has several."""
    expanded_until: dict[str, datetime] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)


def stored(item: Item | Received) -> Stored:
    """An item as it came."""
    return Stored(item.href, item.uid, item.media_type, item.body)


def expand(events: Iterable[Stored], now: datetime, zone: ZoneInfo) -> Occurrences:
    """The meetings of these events from 1970 to the horizon. Series of several items come whole."""
    return expand_within(events, Window(EPOCH, now + HORIZON), zone)


def expand_within(events: Iterable[Stored], window: Window, zone: ZoneInfo) -> Occurrences:
    """The meetings of these events in a window."""
    found = Occurrences()
    expanders: dict[str, Expander] = {}
    for group in _series(events):
        head = group[0]
        expander = expanders.get(head.media_type)
        if expander is None:
            expander = connectors.load(connectors.EXPANDERS[head.media_type])
            expanders[head.media_type] = expander
        expansion = expander([event.body for event in group], window, zone)
        for event in group:
            found.meetings[event.href] = ()
        found.meetings[head.href] = expansion.meetings
        if expansion.is_open:
            found.expanded_until[head.href] = window.end
        found.rejects.extend(replace(one, href=one.href or head.href) for one in expansion.rejects)
    return found


def spans_items(media_type: str) -> bool:
    """Whether a series of this type may stand in several items."""
    return media_type in connectors.SPLIT_SERIES


def read_stored(
    connection: "duckdb.DuckDBPyConnection",
    source: str,
    collection: str,
    *,
    hrefs: Sequence[str] = (),
    uids: Sequence[str] = (),
) -> list[Stored]:
    """The live events of a collection with one of these hrefs or UIDs, from the state file."""
    rows = connection.execute(
        query("events_stored"), [source, collection, list(hrefs), list(uids)]
    ).fetchall()
    large = body_store.kept(connection, {digest for *_, digest in rows if digest})
    return [
        Stored(href, uid, media_type, large[digest] if digest else body)
        for href, uid, media_type, body, digest in rows
    ]


def overdue(
    connection: "duckdb.DuckDBPyConnection", source: str, collection: str, now: datetime
) -> list[str]:
    """Hrefs of the series whose expansion does not reach far enough ahead any more."""
    rows = connection.execute(
        query("events_expanded_until"), [source, collection, now + REFRESH]
    ).fetchall()
    return [row[0] for row in rows]


def _series(events: Iterable[Stored]) -> list[list[Stored]]:
    groups: dict[tuple[str, str], list[Stored]] = defaultdict(list)
    for event in events:
        whole = not spans_items(event.media_type) or event.uid is None
        groups[("href", event.href) if whole else ("uid", str(event.uid))].append(event)
    return list(groups.values())
