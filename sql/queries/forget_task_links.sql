-- Delete what is known of our tasks about people, but for those that still stand.
-- $1: records and person_id
-- on: state
delete from raw.task_links
where
    person_id in (select unnest($1::bigint[]))
    and uid not in (select uid from raw.tasks)
