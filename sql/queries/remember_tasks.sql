-- What decisions.jsonl lacks of how cycles ended and of words in tasks, a row a line.
-- on: layers
select
    verb,
    uid,
    owner_id,
    person_id,
    kind,
    "cycle",
    "value",
    until_date
from history.task_memories
order by until_date, uid, verb
