-- The addresses that are in most meetings: in how many, and how many of these they called.
-- $1: how the sources begin whose place another took
-- on: state
with people as (
    select
        meetings.organizer.email as organizer_email,
        unnest(list_distinct(list_filter(
            list_append(
                list_transform(meetings.attendees, lambda one: one.email),
                meetings.organizer.email
            ),
            lambda one: one is not null -- noqa: RF03
        ))) as email
    from raw.meetings
    where
        len(meetings.attendees) > 0 and meetings.gone_at is null
        and not starts_with(meetings.source, $1)
)

select
    email,
    count(*) as n_meetings,
    count(*) filter (where email = organizer_email) as n_organised
from people
group by email
order by n_meetings desc, n_organised desc, email asc
limit 5
