-- One row per task in the list that we write to, ours and the user's own, tombstones included.
-- key: item_id
-- uid: its UID; ours begin with kithbook-
-- status: needs-action, in-process, completed or cancelled
-- completed_date: the day it was ticked, in the owner's zone, where the source says
-- priority: 1 (highest) to 9, null where none is given
-- mark: digests of what we last wrote there, where it has them
-- is_recurring: the user made it repeat
-- first_seen_at: when it was first read under this href
-- gone_date: the day it was missed, in the owner's zone

-- Of a task of ours every copy: several stand there, or one was ticked and cleared.
with latest as (
    select tasks.*
    from raw.tasks
    qualify
        starts_with(tasks.uid, 'kithbook-')
        or row_number() over (
            partition by tasks.source, tasks.collection, coalesce(tasks.uid, tasks.href)
            order by tasks.gone_at desc nulls first, tasks.item_id desc
        ) = 1
)

select
    latest.item_id,
    latest.source,
    latest.collection,
    latest.href,
    latest.etag,
    latest.uid,
    coalesce(latest.title, '') as title,
    coalesce(latest.notes, '') as notes,
    latest.due_date,
    coalesce(latest.status, 'needs-action') as status,
    case
        when latest.status = 'completed'
            then (latest.completed_at at time zone settings.time_zone)::date
    end as completed_date,
    latest.priority,
    latest.mark,
    coalesce(latest.is_recurring, false) as is_recurring,
    starts_with(latest.uid, 'kithbook-') as is_ours,
    latest.gone_at is not null as is_gone,
    latest.first_seen_at,
    latest.gone_at,
    (latest.gone_at at time zone settings.time_zone)::date as gone_date
from latest
cross join raw.settings
