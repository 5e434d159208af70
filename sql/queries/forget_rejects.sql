-- Delete what of items could not be read.
-- $1: item_ids
-- on: state
delete from raw.rejects
using raw.items as named
where
    named.item_id in (select unnest($1::bigint[]))
    and rejects.source = named.source
    and rejects.collection = named.collection
    and rejects.href = named.href
