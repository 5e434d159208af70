"""The one list that our tasks go to: found, made once, and never made a second time by mistake."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from pipeline import load, store
from pipeline.bugs import told_as_bug
from pipeline.config import Config, Tasks
from pipeline.errors import SourceError
from pipeline.fetch import connect
from pipeline.record_ids import RecordIds
from pipeline.records import Collection, TaskForm, TaskTarget

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class OpenList:
    """The task list, found or made."""

    target: TaskTarget
    collection: Collection
    writer: load.CollectionWriter


def open_list(
    connection: "duckdb.DuckDBPyConnection",
    config: Config,
    tasks: Tasks,
    now: datetime,
    *,
    makes_another: bool,
) -> OpenList:
    """Find or make the list. The connection uses the state (`store.state_for_writing`).

    :param makes_another: make it anew when the one that we wrote to is not there under its name;
        what stood in that one is given up, and nobody is taken for dismissed.
    :raises SourceError: it is not there under its name and must not be made a second time, or it
        cannot be reached or made.
    """
    lost = connection.execute(LOST_LISTS, [tasks.source, tasks.list_name]).fetchall()
    if lost and not makes_another:
        raise _missing(tasks, str(lost[0][1]))
    with store.transaction(connection):
        connection.execute(
            "update raw.task_links set closed_at = $1, close_reason = 'lost'"
            " where source = $2 and closed_at is null"
            " and collection in (select unnest($3::varchar[]))",
            [now, tasks.source, [row[0] for row in lost]],
        )
    with told_as_bug(f"{tasks.source}: {tasks.list_name}"):
        target = cast("TaskTarget", connect(config.source(tasks.source), config))
        collection = target.task_list(tasks.list_name, cast("TaskForm", tasks.form))
    records = RecordIds(connection, now)
    writer = load.CollectionWriter(records, tasks.source, collection, 0)
    known = connection.execute(
        "select 1 from raw.cursors where source = $1 and collection = $2 and gone_at is null",
        [*writer.place],
    ).fetchone()
    if not known:
        # The next pull has to know that there was such a list, should it find it no more.
        with store.transaction(connection):
            writer.save_cursor(None, complete=False)
    return OpenList(target, collection, writer)


def _missing(tasks: Tasks, held: str) -> SourceError:
    name = tasks.list_name
    what = f'there is no list "{name}"; our tasks stood in "{held}"'
    if held == name:
        what = f'the list "{name}" with our tasks is not there any more, or has another name'
    return SourceError(
        f"{tasks.source}: {what}. Nothing was written.",
        "If it was renamed, write its name into [tasks] or name it back; otherwise"
        f' `kithbook push --yes` makes "{name}".',
    )


LOST_LISTS = """
select distinct task_links.collection, cursors.collection_name
from raw.task_links
inner join raw.cursors
    on task_links.source = cursors.source and task_links.collection = cursors.collection
where
    task_links.source = $1
    and (cursors.gone_at is not null or $2 not in (cursors.collection_name, cursors.collection))
    and not exists (
        select 1 from raw.cursors as named
        where
            named.source = $1
            and named.gone_at is null
            and $2 in (named.collection_name, named.collection)
    )
"""
