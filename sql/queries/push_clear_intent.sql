-- Nothing is about to be written any more.
-- $1: UID
-- on: state
update raw.task_links
set
    intends_action = null,
    intends_title = null,
    intends_notes = null,
    intends_due_date = null,
    intends_priority = null,
    intends_status = null,
    intends_at = null,
    intends_reason = null
where uid = $1
