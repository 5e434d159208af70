-- One row per task that we wrote or mean to write: linked in the state, adopted from the list, or
-- remembered in decisions.jsonl alone.
-- key: uid
-- uid: the task's UID
-- owner_id: whose follow-up
-- person_id: the record of the person, as numbered when it opened
-- kind: check_in, first_follow_up, birthday, reconnect or introduction
-- cycle: what fixes this round of it
-- source: where we wrote it
-- collection: the list in that source
-- href: its address there
-- etag: its version there
-- opened_at: when it opened
-- wrote_title: as we last wrote it
-- wrote_notes: as we last wrote them
-- wrote_due_date: as we last wrote it
-- wrote_priority: as we last wrote it
-- wrote_status: as we last wrote it
-- wrote_at: when that was
-- intends_action: what a run that was cut off meant to do
-- intends_title: what it was to say
-- intends_notes: what they were to say
-- intends_due_date: the day it was to be due
-- intends_priority: what it was to be
-- intends_status: what it was to be
-- intends_at: when that was
-- closed_at: when its cycle was noted to be over
-- close_reason: how it ended
-- intends_reason: why it was to end
-- heard: the decisions that stand in it, one a line
-- heard_at: since when
-- adopted_at: since when it is ours to look after, where we did not open it
-- unknown_fields: the fields of which nobody knows what we wrote there
select * from raw.task_links
union all by name
select
    adoptions.uid,
    adoptions.owner_id,
    adoptions.person_id,
    adoptions.kind,
    adoptions."cycle",
    adoptions.source,
    adoptions.collection,
    adoptions.href,
    adoptions.etag,
    adoptions.opened_at,
    adoptions.wrote_title,
    adoptions.wrote_notes,
    adoptions.wrote_due_date,
    adoptions.wrote_priority,
    'needs-action' as wrote_status,
    adoptions.opened_at as wrote_at,
    adoptions.closed_at,
    adoptions.close_reason,
    adoptions.heard,
    coalesce(adoptions.heard_at, settings.as_of) as heard_at,
    settings.as_of as adopted_at,
    adoptions.unknown_fields
from history.adoptions
cross join raw.settings
where adoptions.left_alone is null
union all by name
select
    remembered_tasks.uid,
    remembered_tasks.owner_id,
    coalesce(remembered_tasks.person_id, found.record_id) as person_id,
    remembered_tasks.kind,
    remembered_tasks."cycle",
    remembered_tasks.heard as wrote_notes,
    coalesce(
        remembered_tasks.closed_date::timestamp at time zone settings.time_zone,
        remembered_tasks.heard_at
    ) as closed_at,
    coalesce(remembered_tasks.close_reason, 'withdrawn') as close_reason,
    coalesce(
        remembered_tasks.closed_date::timestamp at time zone settings.time_zone,
        remembered_tasks.heard_at
    ) as opened_at,
    remembered_tasks.heard,
    remembered_tasks.heard_at
from staging.remembered_tasks
cross join raw.settings
anti join raw.task_links on remembered_tasks.uid = task_links.uid
anti join history.unlinked_tasks on remembered_tasks.uid = unlinked_tasks.uid
left join (
    select
        remembered_tasks.uid,
        min(person_keys.record_id) as record_id
    from staging.remembered_tasks
    cross join raw.settings
    inner join identity.person_keys
        on
            raw.uid_parts(remembered_tasks.uid).key_hash
            = raw.key_hash(settings.owner_id, person_keys.task_key)
    group by remembered_tasks.uid
    having count(distinct person_keys.person_id) = 1
) as found on remembered_tasks.uid = found.uid
