-- The list that a name of the config was found to be: looked for there first, whatever it is
-- called by now; is_there is false when the last look did not find it, is_shared where others see
-- what stands in it.
create table raw.task_lists (
    source varchar,
    list_name varchar,
    collection varchar,
    is_there boolean,
    is_shared boolean
);

-- Since when a task is missed of which nobody could say whether it is gone.
alter table raw.task_links add column doubted_at timestamptz;
