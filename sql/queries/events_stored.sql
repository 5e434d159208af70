-- The live events of a collection with one of these hrefs or UIDs, as they came.
-- $1: source, $2: collection, $3: hrefs, $4: UIDs
-- on: state
select
    href,
    uid,
    media_type,
    body,
    body_hash
from raw.items
where
    source = $1
    and collection = $2
    and kind = 'event'
    and superseded_at is null
    and gone_at is null
    and (href in (select unnest($3::varchar[])) or uid in (select unnest($4::varchar[])))
order by item_id
