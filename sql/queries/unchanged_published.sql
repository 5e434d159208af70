-- One row: what the published book is made of, when, and whether a task or the list waits.
-- on: book
select
    made_of,
    as_of::varchar,
    exists (from main.task_changes)
    or exists (
        from main.problems
        where name = 'task_list_missing'
    ) as has_open_tasks
from main.settings
