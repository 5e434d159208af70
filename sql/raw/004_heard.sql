-- The decisions that stand in a task, a line each, and when they were first seen there: so that of
-- what was typed and what was written into the task the later word wins.

alter table raw.task_links add column heard varchar;
alter table raw.task_links add column heard_at timestamptz;
