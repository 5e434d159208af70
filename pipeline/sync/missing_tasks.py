"""Tasks of ours that a listing names no more: asked for by themselves, and followed if moved.

An absence counts when it is confirmed where the task stood. A task that the user moved to another
list of the account is read there each night from then on, for that list is not pulled.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from connectors.contract import Collection, Item, TaskTarget
from connectors.errors import KithbookError, LoginError, SourceEmpty, SourceError
from pipeline.book import duckdb_instances
from pipeline.book.queries import query
from pipeline.config import Config
from pipeline.sync import load
from pipeline.sync.fetch import connect
from pipeline.sync.raw_rows import received
from pipeline.sync.record_ids import RecordIds
from pipeline.sync.source_bugs import told_as_bug

if TYPE_CHECKING:
    import duckdb

A_NIGHT = timedelta(hours=12)
"""A list that looks empty is believed in a run that is so much later."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A task whose cycle goes on, and where it last stood."""

    uid: str
    collection: str
    href: str
    is_gone: bool
    doubted_at: datetime | None


def follow(
    connection: "duckdb.DuckDBPyConnection", config: Config, now: datetime
) -> list[KithbookError]:
    """Look for what is missed and what was moved. The connection uses the state.

    Call it when the task list was read. Returns what could not be asked: of that nothing is
    concluded.
    """
    tasks = config.tasks
    if not tasks:
        return []
    with duckdb_instances.transaction(connection):
        connection.execute(query("tasks_doubt_over"), [tasks.source])
    rows = connection.execute(query("tasks_sought"), [tasks.source]).fetchall()
    sought = [
        Sought(uid, collection, href, is_gone, doubted and doubted.replace(tzinfo=UTC))
        for uid, collection, href, is_gone, doubted in rows
    ]
    if not sought:
        return []
    place = f"{tasks.source}: {tasks.list_name}"
    troubles: dict[str, KithbookError] = {}
    with told_as_bug(place):
        target = cast("TaskTarget", connect(config.source(tasks.source), config))
    records = RecordIds(connection, now)
    for one in sought:
        try:
            with told_as_bug(place):
                here = Collection(one.collection, tasks.list_name, frozenset({"task"}))
                found = target.find(here, one.uid, one.href)
        except SourceEmpty:
            if one.doubted_at is None or now - one.doubted_at < A_NIGHT:
                _doubt(connection, one, now)
                continue
            found = None
        except (SourceError, LoginError) as error:
            troubles.setdefault(str(error), error)
            _doubt(connection, one, now)
            continue
        with duckdb_instances.transaction(connection):
            old = load.CollectionWriter(records, tasks.source, here, 0)
            new = old
            if found and found[0].href != one.collection:
                new = load.CollectionWriter(records, tasks.source, found[0], 0)
            if found:
                new.write(load.Write(items=[received(_named(found[1], one.uid))]))
            if new is not old or not found:
                old.write(load.Write(gone=[one.href]))
            connection.execute(
                "update raw.task_links set doubted_at = null where uid = $1", [one.uid]
            )
    return [*troubles.values()]


def _named(item: Item, uid: str) -> Item:
    """The task by its UID, though the user deleted the mark in it (`push_recovery`)."""
    return replace(item, uid=uid, task=item.task and replace(item.task, uid=uid))


def miss(
    connection: "duckdb.DuckDBPyConnection",
    place: tuple[str, str],
    hrefs: Sequence[str],
    now: datetime,
) -> None:
    """Note of which tasks of ours a listing says nothing: until they were asked for by themselves.

    Call it in the transaction that marks them as gone: a run that is killed after it has concluded
    nothing. The connection uses the state.

    :param place: source and collection.
    """
    if hrefs:
        connection.execute(query("tasks_doubt_missed"), [*place, [*hrefs], now])


def _doubt(connection: "duckdb.DuckDBPyConnection", one: Sought, now: datetime) -> None:
    with duckdb_instances.transaction(connection):
        connection.execute(
            "update raw.task_links set doubted_at = coalesce(doubted_at, $2) where uid = $1",
            [one.uid, now],
        )
