-- Tasks of ours that the state knows nothing of, and whose each is; instants as text.
-- $1: true for those that are exactly one person's by the key in their UID, false for those that
-- fit one by address or name
-- on: layers
select
    uid,
    owner_id,
    person_id,
    kind,
    "cycle",
    source,
    collection,
    href,
    etag,
    opened_at::varchar as opened_at,
    wrote_title,
    wrote_notes,
    wrote_due_date,
    wrote_priority,
    wrote_status,
    unknown_fields,
    closed_at::varchar as closed_at,
    close_reason,
    heard,
    heard_at::varchar as heard_at
from history.task_adoptions
where (left_alone is null) = $1 and ($1 or person_id is not null)
order by uid
