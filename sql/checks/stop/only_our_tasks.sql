-- Nothing is planned for a task that we did not write.
select
    task_changes.uid,
    task_changes.action
from main.task_changes
where not starts_with(task_changes.uid, 'kithbook-') or task_changes.uid is null
