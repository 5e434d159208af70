-- One row per further copy of a task of ours that stands open in the account: made to repeat, a
-- write whose answer was lost, two machines at once. A tick on either counts.
-- key: uid, source, collection, href
-- uid: the task's UID, which both have
-- source: where it stands
-- collection: the list in that source
-- href: its address there
-- etag: its version there
-- title: as it stands there
-- notes: as they stand there
-- due_date: as it stands there
-- priority: as it stands there
-- is_untouched: it says what we wrote, or what the other says, and nothing else: it may go

-- A list that is not there any more says nothing.
with tasks as (
    select tasks.*
    from staging.tasks
    left join raw.cursors
        on
            tasks.source = cursors.source
            and tasks.collection = cursors.collection
    where cursors.gone_at is null
)

select
    links.uid,
    tasks.source,
    tasks.collection,
    tasks.href,
    tasks.etag,
    tasks.title,
    tasks.notes,
    tasks.due_date,
    tasks.priority,
    tasks.status = 'needs-action'
    and not tasks.is_recurring
    and (
        (
            tasks.title = coalesce(links.wrote_title, '')
            and trim(tasks.notes) = trim(coalesce(links.wrote_notes, ''))
            and coalesce(tasks.due_date, date '0001-01-01')
            = coalesce(links.wrote_due_date, date '0001-01-01')
            and coalesce(tasks.priority, 0) = coalesce(links.wrote_priority, 0)
        )
        or (
            tasks.title = links.title
            and trim(tasks.notes) = trim(links.notes)
            and coalesce(tasks.due_date, date '0001-01-01')
            = coalesce(links.due_date, date '0001-01-01')
            and coalesce(tasks.priority, 0) = coalesce(links.priority, 0)
        )
    ) as is_untouched
from history.links
inner join tasks
    on
        links.uid = tasks.uid
        and links.source = tasks.source
where
    not tasks.is_gone
    and tasks.status in ('needs-action', 'in-process')
    and (tasks.collection <> links.collection or tasks.href <> links.href)
