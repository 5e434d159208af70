-- What was given up as never written, and stands there: it is judged like any other.
-- on: state
update raw.task_links set closed_at = null, close_reason = null
where close_reason = 'never_written' and uid in (
    select uid from raw.tasks
    where gone_at is null
)
