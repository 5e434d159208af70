-- One row per task of ours in the account's lists of which the state knows nothing: it was lost, or
-- another machine wrote it.
-- key: uid
-- kind: as its UID says; null under the rule of earlier days
-- cycle: as its UID says; null under the rule of earlier days
-- key_hash: as its UID says; null under the rule of earlier days
-- completed_date: the day it was ticked, in the owner's zone
-- digests: of what was last written: the day it opened, title, notes, due date, priority, status
-- is_over: it was ticked or cancelled
-- is_elsewhere: it stands in another list than ours, where anybody may have put it: an invitation
-- with such a UID, say
with standing as (
    select
        tasks.*,
        raw.uid_parts(tasks.uid) as parts,
        coalesce(tasks.collection <> task_list.collection, false) as is_elsewhere
    from staging.tasks
    cross join raw.settings
    left join history.task_list using (source)
    left join raw.cursors on tasks.source = cursors.source and tasks.collection = cursors.collection
    anti join raw.task_links using (uid)
    where
        tasks.is_ours
        and not tasks.is_gone
        and tasks.source = settings.tasks_source
        and cursors.gone_at is null
    qualify row_number() over (
        partition by tasks.uid
        order by is_elsewhere asc, tasks.status = 'completed' desc, tasks.item_id desc
    ) = 1
)

select
    standing.uid,
    nullif(standing.parts.kind, '') as kind,
    nullif(standing.parts."cycle", '') as "cycle",
    nullif(standing.parts.key_hash, '') as key_hash,
    standing.source,
    standing.collection,
    standing.href,
    standing.etag,
    standing.title,
    standing.notes,
    standing.due_date,
    standing.priority,
    standing.status,
    standing.completed_date,
    string_split(coalesce(standing.mark, ''), '.') as digests,
    standing.status in ('completed', 'cancelled') as is_over,
    standing.is_elsewhere
from standing
