-- No task is made for somebody resting, muted, deceased, or whom the user never wants to see here.
select
    task_changes.uid,
    task_changes.person_id
from main.task_changes
left join judgement.wishes
    on task_changes.owner_id = wishes.owner_id and task_changes.person_id = wishes.person_id
where
    task_changes.action = 'create'
    and (wishes.person_id is null or wishes.silent_reason is not null)
