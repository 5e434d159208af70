-- Live items by what was received, as a hash. One whose etag was taken away is read anew, whatever
-- its body.
-- $1: source, $2: collection, $3: hrefs
-- on: state
select
    href,
    item_id,
    kind,
    media_type,
    coalesce(body_hash, sha256(body)) as body_hash
from raw.items
where
    source = $1
    and collection = $2
    and superseded_at is null
    and gone_at is null
    and etag <> ''
    and href in (select unnest($3::varchar[]))
