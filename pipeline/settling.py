"""What an interrupted run intended, settled once the task list has been read again."""

from datetime import datetime
from typing import TYPE_CHECKING

from pipeline import store

if TYPE_CHECKING:
    import duckdb


def settle(connection: "duckdb.DuckDBPyConnection", now: datetime) -> int:
    """Note what became of each open intent; returns how many there were.

    A write happened as far as the task says what was meant: somebody may have changed it since, and
    what was never sent is not ours. A withdrawal happened when the task is gone. The connection
    uses the state.
    """
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


SETTLE_WRITES = """
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
from raw.tasks
where
    task_links.uid = tasks.uid
    and tasks.gone_at is null
    and intends_action in ('create', 'update', 'tick')
    and task_links.etag is distinct from tasks.etag
"""

SETTLE_WITHDRAWALS = """
update raw.task_links
set closed_at = $1, close_reason = coalesce(intends_reason, 'withdrawn')
where
    intends_action = 'withdraw'
    and not exists (
        select 1 from raw.tasks
        where tasks.uid = task_links.uid and tasks.gone_at is null
    )
"""
