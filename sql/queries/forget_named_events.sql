-- The events whose title or place names somebody.
-- $1: names and addresses
-- on: state
with named as (
    select unnest($1::varchar[]) as name
)

select distinct meetings.item_id
from raw.meetings
cross join named
where
    contains(
        lower(coalesce(meetings.summary, '') || coalesce(meetings.location, '')), lower(named.name)
    )
