-- Who is due today, a row a follow-up, in the order in which `due` lists them.
-- on: book
select
    follow_ups.person_id,
    follow_ups.display_name,
    follow_ups.kind,
    follow_ups.due_date,
    follow_ups.reason,
    follow_ups.ways,
    follow_ups.talk_about,
    follow_ups.is_open,
    follow_ups.opens_now,
    follow_ups.quadrant,
    follow_ups.uid
from main.follow_ups
cross join main.settings
where
    -- what opens is written and counted, so it is shown
    follow_ups.opens_now
    -- a snoozed one stands in the list with a later day, and is nobody's business before
    or (follow_ups.is_open and coalesce(follow_ups.blocked_until <= settings.as_of_date, true))
order by
    follow_ups.kind = 'birthday' asc,
    case when follow_ups.kind <> 'birthday' then follow_ups.score end desc nulls last,
    follow_ups.due_date asc,
    follow_ups.display_name asc,
    follow_ups.person_id asc
