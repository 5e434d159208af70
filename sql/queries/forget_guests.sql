-- The events that a person is in, and how many addresses are in each.
-- $1: records
-- on: state
with guests as (
    select
        item_id,
        unnest(list_append(attendees, organizer)) as guest
    from raw.meetings
),

theirs as (
    select guests.item_id
    from guests
    where guests.guest.record_id in (select unnest($1::bigint[]))
)

select
    guests.item_id,
    count(distinct lower(guests.guest.email)) as people
from guests
where guests.item_id in (from theirs)
group by guests.item_id
