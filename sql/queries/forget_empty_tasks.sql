-- Tasks have neither title nor notes any more.
-- $1: item_ids
-- on: state
update raw.tasks
set title = '', notes = '', status = 'needs-action'
where item_id in (select unnest($1::bigint[]))
