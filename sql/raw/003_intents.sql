-- Why an interrupted run withdrew a task: an expiry counts, whoever notes it down.

alter table raw.task_links add column intends_reason varchar;
