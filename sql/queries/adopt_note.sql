-- A task of ours gets its link back. It counts as written when it was opened.
-- $1 to $20: the row of adopt_found, $21: now
-- on: state
insert into raw.task_links (
    uid,
    owner_id,
    person_id,
    kind,
    "cycle",
    source,
    collection,
    href,
    etag,
    opened_at,
    wrote_title,
    wrote_notes,
    wrote_due_date,
    wrote_priority,
    wrote_status,
    unknown_fields,
    closed_at,
    close_reason,
    heard,
    heard_at,
    wrote_at,
    adopted_at
)
values (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
    $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
    $10, $21
)
