-- What the state holds of items.
-- $1: source, $2: collection, $3: hrefs
-- on: state
select
    href,
    item_id,
    uid,
    timezone('UTC', first_seen_at) as first_seen_at,
    gone_at is not null as is_gone
from raw.items
where
    source = $1
    and collection = $2
    and superseded_at is null
    and href in (select unnest($3::varchar[]))
