-- The user's own tasks that name somebody.
-- $1: names and addresses
-- on: state
with named as (
    select unnest($1::varchar[]) as name
)

select distinct tasks.item_id
from raw.tasks
cross join named
where
    contains(
        lower(coalesce(tasks.title, '') || ' ' || coalesce(tasks.notes, '')), lower(named.name)
    )
    and not starts_with(tasks.uid, 'kithbook-')
