-- Note where a task stands, and that what was intended is what we last wrote.
-- $1: UID, $2: source, $3: collection, $4: href, $5: etag, $6: now
-- on: state
update raw.task_links
set
    source = $2,
    collection = $3,
    href = $4,
    etag = $5,
    wrote_title = intends_title,
    wrote_notes = intends_notes,
    wrote_due_date = intends_due_date,
    wrote_priority = intends_priority,
    wrote_status = intends_status,
    wrote_at = $6
where uid = $1
