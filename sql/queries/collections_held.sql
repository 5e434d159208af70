-- The collections that a source has.
-- $1: source
-- on: state
select
    collection,
    collection_name,
    kinds
from raw.cursors
where source = $1 and gone_at is null
