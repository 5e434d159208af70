-- Of these tasks no body stays.
-- $1: item_ids
-- on: state
update raw.items
set body = ''::blob, body_hash = null
where item_id in (select unnest($1::bigint[]))
