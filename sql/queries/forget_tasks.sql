-- The tasks of ours about people, and whether each still stands in the list.
-- $1: records and person_id
-- on: state
select
    tasks.item_id,
    tasks.gone_at is null
    and task_links.closed_at is null
    and tasks.status not in ('completed', 'cancelled') as stands
from raw.tasks
inner join raw.task_links on tasks.uid = task_links.uid
where task_links.person_id in (select unnest($1::bigint[]))
