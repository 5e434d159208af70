-- One row per task that we wrote or mean to write: linked in the state, adopted from the list, or
-- remembered in decisions.jsonl alone. What its fields say as we last wrote them is in wrote_…, and
-- what a run that was cut off meant to write in intends_….
-- key: uid
-- person_id: the record of the person, as numbered when it opened
-- intends_action: what a run that was cut off meant to do
-- closed_at: when its cycle was noted to be over
-- heard: the decisions that stand in it, one a line
-- heard_at: since when
-- adopted_at: since when it is ours to look after, where we did not open it
-- unknown_fields: the fields of which nobody knows what we wrote there
-- doubted_at: since when it is missed, and nobody could say whether it is gone

-- What only decisions.jsonl knows of, and whose it is by the key in its UID.
with remembered as (
    select remembered_tasks.*
    from staging.remembered_tasks
    anti join raw.task_links on remembered_tasks.uid = task_links.uid
    anti join history.task_adoptions using (uid)
),

by_key as (
    select
        remembered.uid,
        min(person_keys.record_id) as record_id
    from remembered
    inner join identity.person_keys
        on
            raw.uid_parts(remembered.uid).key_hash
            = raw.key_hash(remembered.owner_id, person_keys.task_key)
    group by remembered.uid
    having count(distinct person_keys.person_id) = 1
),

dated as (
    select
        remembered.*,
        by_key.record_id,
        coalesce(
            remembered.closed_date::timestamp at time zone settings.time_zone,
            remembered.heard_at
        ) as closed_at
    from remembered
    cross join raw.settings
    left join by_key using (uid)
)

-- What one of them has not is null.
select task_links.* from raw.task_links
union all by name
select
    task_adoptions.* exclude (
        title, due_date, is_over, left_alone, candidate_ids -- noqa: RF02
    ) replace (coalesce(task_adoptions.heard_at, settings.as_of) as heard_at),
    task_adoptions.opened_at as wrote_at,
    settings.as_of as adopted_at
from history.task_adoptions
cross join raw.settings
where task_adoptions.left_alone is null
union all by name
select
    dated.uid,
    dated.owner_id,
    coalesce(dated.person_id, dated.record_id) as person_id,
    dated.kind,
    dated."cycle",
    dated.closed_at as opened_at,
    dated.heard as wrote_notes,
    dated.closed_at,
    coalesce(nullif(dated.close_reason, 'reopened'), 'withdrawn') as close_reason,
    dated.heard,
    dated.heard_at
from dated
