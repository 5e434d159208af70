-- Empty tasks count as what we last wrote.
-- $1: item_ids
-- on: state
update raw.task_links
set
    wrote_title = '',
    wrote_notes = '',
    wrote_due_date = tasks.due_date,
    wrote_priority = tasks.priority,
    wrote_status = tasks.status,
    intends_action = null,
    intends_title = null,
    intends_notes = null,
    intends_due_date = null,
    intends_priority = null,
    intends_status = null,
    intends_at = null
from raw.tasks
where tasks.uid = task_links.uid and tasks.item_id in (select unnest($1::bigint[]))
