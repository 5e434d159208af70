-- One row per further copy of a task of ours that stands open in the account: made to repeat, a
-- write whose answer was lost, two machines at once. A tick on either counts.
-- key: uid, source, collection, href
-- is_untouched: it says what we wrote, or what the other says, and nothing else: it may go
select
    task_outcomes.uid,
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
            tasks.title = coalesce(task_outcomes.wrote_title, '')
            and trim(tasks.notes) = trim(coalesce(task_outcomes.wrote_notes, ''))
            and coalesce(tasks.due_date, date '0001-01-01')
            = coalesce(task_outcomes.wrote_due_date, date '0001-01-01')
            and coalesce(tasks.priority, 0) = coalesce(task_outcomes.wrote_priority, 0)
        )
        or (
            tasks.title = task_outcomes.title
            and trim(tasks.notes) = trim(task_outcomes.notes)
            and coalesce(tasks.due_date, date '0001-01-01')
            = coalesce(task_outcomes.due_date, date '0001-01-01')
            and coalesce(tasks.priority, 0) = coalesce(task_outcomes.priority, 0)
        )
    ) as is_untouched
from history.task_outcomes
inner join staging.tasks using (uid, source)
left join raw.cursors on tasks.source = cursors.source and tasks.collection = cursors.collection
where
    not tasks.is_gone
    -- a list that is not there any more says nothing
    and cursors.gone_at is null
    and tasks.status in ('needs-action', 'in-process')
    and (tasks.collection <> task_outcomes.collection or tasks.href <> task_outcomes.href)
