-- The link of a new follow-up, before its task is written.
-- $1: UID, $2: owner, $3: record, $4: kind, $5: cycle, $6: now
-- on: state
insert into raw.task_links (uid, owner_id, person_id, kind, "cycle", opened_at)
values ($1, $2, $3, $4, $5, $6)
