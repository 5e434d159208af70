-- Of these items nothing stays but href and etag.
-- $1: item_ids
-- on: state
update raw.items
set uid = null, body = ''::blob, body_hash = null, expanded_until = null
where item_id in (select unnest($1::bigint[]))
