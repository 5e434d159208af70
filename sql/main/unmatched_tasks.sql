-- One row per task of ours in the list that fits nobody for sure: written by an earlier kithbook,
-- or by another machine about somebody whom this book knows by the name alone. It is left as it is,
-- and no other is made for those whom it may be about. Nothing of somebody at rest.
-- key: uid
-- uid: the task's UID
-- title: as it stands there
-- due_date: the day it is due there
-- is_over: it was ticked or cancelled
-- why: elsewhere (in another list than ours), earlier_rule, nobody or several: how many people this
-- book knows by what we wrote there
-- person_id: the one whom it fits by an address in the notes or by the name: `push --adopt` takes
-- it up for them; null where there are none or several
-- display_name: their name
select
    task_adoptions.uid,
    task_adoptions.title,
    task_adoptions.due_date,
    task_adoptions.is_over,
    task_adoptions.left_alone as why,
    persons.person_id,
    persons.display_name
from history.task_adoptions
left join identity.record_persons on task_adoptions.person_id = record_persons.record_id
left join identity.persons on record_persons.person_id = persons.person_id
where task_adoptions.left_alone is not null and not coalesce(persons.is_resting, false)
