-- What became of writes whose answer was lost: they happened as far as the task says what was
-- meant.
-- on: state
with standing as (
    select tasks.*
    from raw.tasks
    inner join raw.task_links on tasks.uid = task_links.uid
    left join raw.cursors on tasks.source = cursors.source and tasks.collection = cursors.collection
    where
        tasks.gone_at is null
        -- what a list held that is no longer there says nothing
        and cursors.gone_at is null
    qualify row_number() over (
        partition by tasks.uid
        order by coalesce(tasks.collection = task_links.collection, false) desc, tasks.item_id desc
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
        when
            intends_action = 'create'
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
