-- Delete earlier versions of items.
-- $1: item_ids
-- on: state
delete from raw.items
using raw.items as named
where
    named.item_id in (select unnest($1::bigint[]))
    and items.source = named.source
    and items.collection = named.collection
    and items.href = named.href
    and items.superseded_at is not null
