"""The one list that our tasks go to: found, made once, and never made a second time by mistake."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

from connectors.contract import Collection, TaskForm, TaskTarget
from connectors.errors import SourceError
from pipeline.book import duckdb_instances
from pipeline.book.queries import query
from pipeline.config import Config, Tasks
from pipeline.sync import load
from pipeline.sync.fetch import connect
from pipeline.sync.record_ids import RecordIds
from pipeline.sync.source_bugs import told_as_bug

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class OpenList:
    """The task list, found or made."""

    target: TaskTarget
    collection: Collection
    records: RecordIds
    source: str

    def at(self, href: str | None) -> Collection:
        """Where one task stands: in the list, or in another that the user moved it to."""
        if href in (None, self.collection.href):
            return self.collection
        return Collection(href, href, frozenset({"task"}))

    def writer(self, collection: Collection) -> load.CollectionWriter:
        """What is written down of it."""
        return load.CollectionWriter(self.records, self.source, collection, 0)


def located(connection: "duckdb.DuckDBPyConnection", config: Config) -> Config:
    """The config with where its list stood. The connection uses the state."""
    if not config.tasks:
        return config
    row = connection.execute(
        "select collection from raw.task_lists where source = $1 and list_name = $2",
        [config.tasks.source, config.tasks.list_name],
    ).fetchone()
    return replace(config, task_list_href=row[0] if row else None)


def open_list(
    connection: "duckdb.DuckDBPyConnection", config: Config, tasks: Tasks, now: datetime
) -> OpenList:
    """Find or make the list. The connection uses the state (`store.state_for_writing`).

    Whoever calls it has seen that it is not missing (`missing`), or may be made anew.

    :raises SourceError: it cannot be reached or made.
    """
    with told_as_bug(f"{tasks.source}: {tasks.list_name}"):
        config = located(connection, config)
        target = cast("TaskTarget", connect(config.source(tasks.source), config))
        collection = target.task_list(tasks.list_name, cast("TaskForm", tasks.form))
    opened = OpenList(target, collection, RecordIds(connection, now), tasks.source)
    known = connection.execute(
        "select 1 from raw.cursors where source = $1 and collection = $2 and gone_at is null",
        [tasks.source, collection.href],
    ).fetchone()
    with duckdb_instances.transaction(connection):
        if not known:
            # The next pull has to know that there was such a list, should it find it no more.
            opened.writer(collection).save_cursor(None, complete=False)
        _remember(connection, tasks, collection)
    return opened


def make_anew(connection: "duckdb.DuckDBPyConnection", config: Config, now: datetime) -> None:
    """Make the list that is missing: what stood in the old one is lost, and nobody dismissed.

    The connection uses the state (`store.state_for_writing`).

    :raises SourceError, LoginError: it cannot be reached or made.
    """
    if not config.tasks:
        return
    open_list(connection, config, config.tasks, now)
    with duckdb_instances.transaction(connection):
        connection.execute(
            query("task_list_lost"),
            [now, config.tasks.source],
        )


def remember(
    connection: "duckdb.DuckDBPyConnection", tasks: Tasks, read: Iterable[Collection]
) -> None:
    """Note after a pull whether the list is there; call it when its account was read.

    A list that has the name of the config is the one, where our tasks stand first.

    :param read: the collections of the account that this pull read.
    """
    connection.execute(query("task_list_see"), [tasks.source])
    row = (
        connection.execute(
            query("task_list_there"),
            [tasks.source, tasks.list_name],
        ).fetchone()
        or connection.execute(query("task_list_named"), [tasks.source, tasks.list_name]).fetchone()
    )
    for collection in read:
        if row and collection.href == row[0]:
            _remember(connection, tasks, collection)


def missing(connection: "duckdb.DuckDBPyConnection") -> SourceError | None:
    """That the list with our tasks is not there any more, as `status` and `doctor` say it.

    The connection uses the build.
    """
    row = connection.execute(
        "select place, problem, hint from main.problems where name = 'task_list_missing'"
    ).fetchone()
    return SourceError(f"{row[0]}: {row[1]}. Nothing was written.", str(row[2])) if row else None


def _remember(
    connection: "duckdb.DuckDBPyConnection", tasks: Tasks, collection: Collection
) -> None:
    connection.execute(
        "delete from raw.task_lists where source = $1 and list_name = $2",
        [tasks.source, tasks.list_name],
    )
    connection.execute(
        "insert into raw.task_lists values ($1, $2, $3, true, $4)",
        [tasks.source, tasks.list_name, collection.href, collection.is_shared],
    )
