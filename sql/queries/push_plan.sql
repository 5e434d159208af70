-- The changes to make in the task list, in the order in which they are made.
-- on: layers
select
    uid,
    owner_id,
    person_id,
    kind,
    "cycle",
    action,
    reason,
    collection,
    href,
    etag,
    title,
    notes,
    due_date,
    priority,
    status,
    form,
    theirs,
    record_id,
    mark
from main.task_changes
order by action, uid, href
