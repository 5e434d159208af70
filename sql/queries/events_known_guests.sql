-- The guests with an address that the meetings of these items have.
-- $1: item_ids
-- on: state
with guests as (
    select
        uid,
        recurrence_id,
        unnest(attendees) as guest
    from raw.meetings
    where item_id in (select unnest($1::bigint[]))
)

select
    guests.uid,
    guests.recurrence_id,
    guests.guest.email,
    guests.guest.name,
    guests.guest.reply,
    guests.guest.role,
    guests.guest.kind,
    guests.guest.is_owner
from guests
where guests.guest.email is not null
