-- The etags of the live items.
-- $1: source
-- on: state
select
    collection,
    href,
    etag
from raw.items
where source = $1 and superseded_at is null and gone_at is null
