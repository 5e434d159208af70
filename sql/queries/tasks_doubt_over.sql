-- Doubt no longer what stands in a list again. Of a list that is not pulled this says nothing.
-- $1: source
-- on: state
update raw.task_links set doubted_at = null
where source = $1 and doubted_at is not null and uid in (
    select tasks.uid
    from raw.tasks
    inner join raw.cursors
        on tasks.source = cursors.source and tasks.collection = cursors.collection
    where
        tasks.source = $1
        and tasks.gone_at is null
        -- of a list that is not pulled this says nothing
        and cursors.gone_at is null
        and list_contains(cursors.kinds, 'task')
)
