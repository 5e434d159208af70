-- The next live events, to be read again by better readers.
-- $1: the last item_id seen, $2: how many
-- on: state
select
    item_id,
    source,
    collection,
    href
from raw.items
where kind = 'event' and superseded_at is null and gone_at is null and item_id > $1
order by item_id
limit $2
