-- Tasks of ours that fit one person by name or address alone, those still open first.
-- on: book
select
    uid,
    person_id,
    title,
    due_date,
    is_over,
    display_name
from main.unmatched_tasks
where person_id is not null
order by is_over, due_date, title, uid
