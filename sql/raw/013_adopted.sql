-- What travels with a task: digests of what we last wrote (contract.py).
alter table raw.tasks add column mark varchar;

-- A task that was found in the list after a loss, or was written by another machine: since when it
-- is ours to look after, and the fields of which nobody knows what we wrote there: the user's.
alter table raw.task_links add column adopted_at timestamptz;
alter table raw.task_links add column unknown_fields varchar[];
