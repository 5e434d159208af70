-- When a collection was last read whole, and when first.
-- $1: source, $2: collection
-- on: state
select
    reconciled_at,
    first_complete_at
from raw.cursors
where source = $1 and collection = $2
