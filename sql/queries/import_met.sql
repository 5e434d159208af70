-- How many meetings have guests.
-- $1: how the sources begin whose place another took
-- on: state
select count(*) from raw.meetings
where len(attendees) > 0 and gone_at is null and not starts_with(source, $1)
