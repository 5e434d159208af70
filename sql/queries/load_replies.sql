-- Which guests with a number so replied to meetings of these items.
-- $1: item_ids, $2: replies
-- on: state
with guests as (
    select
        item_id,
        coalesce(recurrence_id, '') as recurrence_id,
        unnest(attendees) as guest
    from raw.meetings
    where item_id in (select unnest($1::bigint[]))
)

select distinct
    guests.item_id,
    guests.recurrence_id,
    guests.guest.record_id,
    guests.guest.reply
from guests
where
    guests.guest.record_id is not null
    and guests.guest.reply in (select unnest($2::varchar[]))
