-- Items as they came.
-- $1: item_ids
-- on: state
select
    item_id,
    media_type,
    body,
    body_hash
from raw.items
where item_id in (select unnest($1::bigint[]))
