-- A change that writes to the list says what and, for a task that is there, which version of it.
select
    task_changes.uid,
    task_changes.action
from main.task_changes
where (
    task_changes.action in ('create', 'update', 'tick')
    and (
        task_changes.title is null
        or task_changes.notes is null
        or task_changes.status is null
    )
)
or (
    task_changes.action in ('update', 'tick', 'withdraw')
    and (task_changes.href is null or task_changes.etag is null)
)
or (
    task_changes.action = 'create'
    and (task_changes.due_date is null or task_changes.href is not null)
)
