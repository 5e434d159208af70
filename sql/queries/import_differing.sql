-- How many items of one source another does not have, byte for byte.
-- $1: the one, $2: the other
-- on: state
with differing as (
    select
        kind,
        etag
    from raw.items
    where source = $1 and superseded_at is null and gone_at is null
    except all
    select
        kind,
        etag
    from raw.items
    where source = $2 and superseded_at is null and gone_at is null
)

select count(*) as items
from differing
