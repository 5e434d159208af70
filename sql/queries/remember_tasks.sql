-- What decisions.jsonl lacks, a row a line: how the cycle of a task ended (ticked, dismissed,
-- expired or reopened, and the day), and the decisions in it, one a line, empty when they were
-- taken out; where the file has nothing of it yet or something else.
-- on: layers
with known as (
    select
        task_outcomes.uid,
        task_outcomes.owner_id,
        task_outcomes.person_id,
        task_outcomes.kind,
        task_outcomes."cycle",
        case
            when
                task_outcomes.is_closed_in_state
                and task_outcomes.close_reason in ('ticked', 'dismissed', 'expired')
                then task_outcomes.close_reason
            when task_outcomes.is_closed_in_state and task_outcomes.is_open then 'reopened'
        end as close_reason,
        task_outcomes.closed_date,
        coalesce(task_links.heard, '') as heard,
        remembered_tasks.close_reason as told_reason,
        remembered_tasks.closed_date as told_date,
        coalesce(remembered_tasks.heard, '') as told_heard
    from history.task_outcomes
    inner join raw.task_links on task_outcomes.uid = task_links.uid
    left join staging.remembered_tasks on task_outcomes.uid = remembered_tasks.uid
    where task_outcomes.person_id is not null
)

select
    'closed' as verb,
    known.uid,
    known.owner_id,
    known.person_id,
    known.kind,
    known."cycle",
    known.close_reason as "value",
    known.closed_date as until_date
from known
where
    known.close_reason is not null
    and (known.close_reason, known.closed_date)
    is distinct from (known.told_reason, known.told_date)
union all
select
    'heard' as verb,
    known.uid,
    known.owner_id,
    known.person_id,
    known.kind,
    known."cycle",
    known.heard as "value",
    null::date as until_date
from known
where known.heard <> known.told_heard
order by until_date, uid, verb
