-- One row per person and task that says that the owner was in touch with them: a follow-up of ours
-- that was ticked, or a task of the owner's own that names them and is done. What a push writes
-- changes nothing here, so that nothing of the many rows made of it is made again.
-- key: person_id, kind, uid
-- kind: follow_up or task
-- interaction_date: the day it was done, in the owner's zone
select
    task_outcomes.person_id,
    'follow_up' as kind,
    least(task_outcomes.closed_date, settings.as_of_date) as interaction_date,
    task_outcomes.uid,
    task_outcomes.source
from history.task_outcomes
cross join raw.settings
where task_outcomes.close_reason = 'ticked' and task_outcomes.person_id is not null
union all
select
    task_names.person_id,
    'task' as kind,
    least(
        coalesce(
            tasks.completed_date,
            (items.received_at at time zone settings.time_zone)::date,
            settings.as_of_date
        ),
        settings.as_of_date
    ) as interaction_date,
    coalesce(tasks.uid, tasks.href) as uid,
    tasks.source
from staging.tasks
inner join history.task_names on tasks.title = task_names.title
cross join raw.settings
left join raw.items using (item_id)
where not tasks.is_ours and tasks.status = 'completed'
-- one task in two lists is done once
qualify row_number() over (
    partition by task_names.person_id, coalesce(tasks.uid, tasks.href)
    order by tasks.is_gone asc, tasks.item_id desc
) = 1
