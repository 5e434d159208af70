-- Give a task whose only name is its href the UID under which we wrote it there.
-- on: state
update raw.tasks
set uid = task_links.uid
from raw.task_links
where
    tasks.uid = tasks.href
    and tasks.href = task_links.href
    and tasks.source = task_links.source
    and tasks.collection = task_links.collection
