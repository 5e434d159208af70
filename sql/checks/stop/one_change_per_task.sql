-- A task is changed at most once in a run.
select
    task_changes.uid,
    count(*) as changes
from main.task_changes
group by task_changes.uid
having count(*) > 1
