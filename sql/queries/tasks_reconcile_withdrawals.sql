-- What became of withdrawals whose answer was lost: they happened where the task stands nowhere.
-- $1: now
-- on: state
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
