-- How many meetings a source has, how many with guests, and from when to when these are.
-- $1: source
-- on: state
select
    count(*) as meetings,
    count(*) filter (where len(attendees) > 0) as with_people,
    min(coalesce(start_date, starts_at::date)) filter (where len(attendees) > 0) as first_date,
    max(coalesce(start_date, starts_at::date)) filter (where len(attendees) > 0) as last_date
from raw.meetings
where source = $1 and gone_at is null
