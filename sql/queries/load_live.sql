-- The live items of a collection.
-- $1: source, $2: collection
-- on: state
select
    href,
    kind
from raw.items
where source = $1 and collection = $2 and superseded_at is null and gone_at is null
