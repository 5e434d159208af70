"""What the task list, read again, says beyond its rows: settled before anything is decided.

Which tasks are ours though the user deleted the mark in them; what became of the intents of an
interrupted run; and since when a decision stands in a task.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.book import store

if TYPE_CHECKING:
    import duckdb


def recognise(connection: "duckdb.DuckDBPyConnection") -> None:
    """Give a task without a mark the UID that it was written under.

    Where a server gives the ids (Google), our UID stands in the notes, and a user may delete it: a
    task that has no other name than its href is the one that we wrote there. The connection uses
    the state.
    """
    connection.execute(
        "update raw.tasks set uid = task_links.uid from raw.task_links"
        " where tasks.uid = tasks.href and tasks.href = task_links.href"
        " and tasks.source = task_links.source and tasks.collection = task_links.collection"
    )


def hear(connection: "duckdb.DuckDBPyConnection", now: datetime) -> None:
    """Note since when which decisions stand in our tasks. The connection uses the state."""
    connection.execute(HEAR, [now])


def settle(connection: "duckdb.DuckDBPyConnection", now: datetime) -> int:
    """Note what became of each open intent; returns how many there were.

    A write happened as far as the task says what was meant: somebody may have changed it since, and
    what was never sent is not ours. A withdrawal happened when the task is gone, or says so. What
    was given up as never written, and stands there now, was written. The connection uses the state.
    """
    connection.execute(AFTER_ALL)
    row = connection.execute(
        "select count(*) from raw.task_links where intends_action is not null"
    ).fetchone()
    if not row or not row[0]:
        return 0
    with store.transaction(connection):
        connection.execute(SETTLE_WRITES)
        connection.execute(SETTLE_WITHDRAWALS, [now])
        connection.execute(
            "update raw.task_links set intends_action = null where intends_action is not null"
        )
    return int(row[0])


HEAR = """
with standing as (
    select tasks.uid, tasks.title, tasks.notes
    from raw.tasks
    inner join raw.task_links on tasks.uid = task_links.uid
    left join raw.cursors
        on tasks.source = cursors.source and tasks.collection = cursors.collection
    qualify row_number() over (
        partition by tasks.uid
        order by
            -- where it stands, be it in another list; a list that is not there says the least
            tasks.gone_at is null and cursors.gone_at is null desc,
            coalesce(tasks.collection = task_links.collection, false) desc,
            tasks.gone_at desc nulls first,
            tasks.item_id desc
    ) = 1
),

lines as (
    select
        uid,
        trim(
            unnest(
                string_split(
                    replace(lower(concat_ws(chr(10), title, notes)), chr(13), chr(10)), chr(10)
                )
            )
        ) as line
    from standing
),

spoken as (
    select uid, string_agg(distinct line, chr(10) order by line) as words
    from lines
    where regexp_matches(line, '^(never|in touch|every .{1,20})$')
    group by uid
),

changed as (
    select task_links.uid, spoken.words
    from raw.task_links
    left join spoken on task_links.uid = spoken.uid
    where task_links.heard is distinct from spoken.words
)

update raw.task_links
set heard = changed.words, heard_at = case when changed.words is not null then $1 end
from changed
where task_links.uid = changed.uid
"""

# Given up before it was read back: it stands there, and is judged like any other.
AFTER_ALL = """
update raw.task_links set closed_at = null, close_reason = null
where close_reason = 'never_written' and uid in (
    select uid from raw.tasks where gone_at is null
)
"""

SETTLE_WRITES = """
with standing as (
    select tasks.*
    from raw.tasks
    inner join raw.task_links on tasks.uid = task_links.uid
    left join raw.cursors
        on tasks.source = cursors.source and tasks.collection = cursors.collection
    where
        tasks.gone_at is null
        -- what a list held that is no longer there says nothing
        and cursors.gone_at is null
    qualify row_number() over (
        partition by tasks.uid
        order by
            coalesce(tasks.collection = task_links.collection, false) desc,
            tasks.item_id desc
    ) = 1
)

update raw.task_links
set
    source = tasks.source,
    collection = tasks.collection,
    href = tasks.href,
    etag = tasks.etag,
    wrote_title = case
        when intends_action = 'create' or tasks.title is not distinct from intends_title
            then intends_title
        else wrote_title
    end,
    wrote_notes = case
        when intends_action = 'create'
            or trim(coalesce(tasks.notes, '')) = trim(coalesce(intends_notes, ''))
            then intends_notes
        else wrote_notes
    end,
    wrote_due_date = case
        when intends_action = 'create' or tasks.due_date is not distinct from intends_due_date
            then intends_due_date
        else wrote_due_date
    end,
    wrote_priority = case
        when intends_action = 'create' or tasks.priority is not distinct from intends_priority
            then intends_priority
        else wrote_priority
    end,
    wrote_status = case
        when intends_action = 'create' or tasks.status = intends_status then intends_status
        else wrote_status
    end,
    wrote_at = intends_at,
    closed_at = case
        when intends_action = 'tick' and tasks.status = 'completed' then intends_at
        else closed_at
    end,
    close_reason = case
        when intends_action = 'tick' and tasks.status = 'completed' then intends_reason
        else close_reason
    end
from standing as tasks
where
    task_links.uid = tasks.uid
    and intends_action in ('create', 'update', 'tick')
    and task_links.etag is distinct from tasks.etag
"""

SETTLE_WITHDRAWALS = """
update raw.task_links
set closed_at = $1, close_reason = coalesce(intends_reason, 'withdrawn')
where
    intends_action = 'withdraw'
    -- wherever it stands: the user may have moved it to another list
    and task_links.uid not in (
        select tasks.uid
        from raw.tasks
        left join raw.cursors
            on tasks.source = cursors.source and tasks.collection = cursors.collection
        where
            tasks.gone_at is null
            and cursors.gone_at is null
            and tasks.uid is not null
            -- left standing for another machine that shares the list
            and not coalesce(
                tasks.status = 'cancelled' and split_part(tasks.mark, '.', 6) = 'withdrawn', false
            )
    )
    and not exists (
        select 1 from raw.cursors
        where
            cursors.source = task_links.source
            and cursors.collection = task_links.collection
            and cursors.gone_at is not null
    )
"""
