-- The list that a name of the config was found to be: looked for there first, whatever it is
-- called by now; is_there is false when the last look did not find it.
create table raw.task_lists (
    source varchar,
    list_name varchar,
    collection varchar,
    is_there boolean
);

-- Since when a task is missed of which nobody could say whether it is gone.
alter table raw.task_links add column doubted_at timestamptz;
-- The line of its notes that says why, as it was written when it opened; null where none was.
alter table raw.task_links add column why varchar;
