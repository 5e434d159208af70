-- The numbers of cards of a collection, by UID or href.
-- $1: source, $2: collection, $3: keys
-- on: state
select
    "key",
    record_id
from raw.record_ids
where
    kind = 'card'
    and source = $1
    and collection = $2
    and "key" in (select unnest($3::varchar[]))
