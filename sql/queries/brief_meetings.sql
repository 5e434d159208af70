-- The next meetings, a row a person in them, in the owner's time. What began already is left out,
-- and what lies beyond the days asked for.
-- $1: now, $2: today, $3: how many days ahead
-- on: book
select
    upcoming.meeting_id,
    timezone(settings.time_zone, upcoming.starts_at) as local_start,
    upcoming.start_date,
    upcoming.is_all_day,
    upcoming.title,
    upcoming.location,
    upcoming.n_people,
    upcoming.person_id,
    upcoming.display_name,
    people.organization,
    upcoming.layer,
    upcoming.first_contact_date,
    upcoming.last_contact_date,
    upcoming.common_friends
from main.upcoming
cross join main.settings
left join main.people on upcoming.person_id = people.person_id
where
    upcoming.start_date between $2::date and $2::date + $3::integer
    and (upcoming.is_all_day or upcoming.starts_at >= $1::timestamptz)
order by
    upcoming.start_date asc,
    upcoming.is_all_day desc,
    upcoming.starts_at asc,
    upcoming.meeting_id asc,
    upcoming.strength_rank asc nulls last,
    upcoming.display_name asc
