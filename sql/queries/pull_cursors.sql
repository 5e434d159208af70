-- Where the next pull of each collection takes up. What is open comes to light in a full listing,
-- whatever a delta would say.
-- $1: source
-- on: state
select
    collection,
    case when gone_at is null then cursor end as cursor,
    timezone('UTC', reconciled_at) as reconciled_at
from raw.cursors
where
    source = $1
    and collection not in (
        select open_items.collection
        from raw.open_items
        where open_items.source = $1 and open_items.given_up_at is null
    )
