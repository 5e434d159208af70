-- How many items a source has now.
-- $1: source
-- on: state
select count(*) as items
from raw.items
where source = $1 and superseded_at is null and gone_at is null
