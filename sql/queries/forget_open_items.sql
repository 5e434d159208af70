-- Delete what of items was left open.
-- $1: item_ids
-- on: state
delete from raw.open_items
using raw.items as named
where
    named.item_id in (select unnest($1::bigint[]))
    and open_items.source = named.source
    and open_items.collection = named.collection
    and open_items.href = named.href
