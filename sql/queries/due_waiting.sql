-- One row: the day of the book, and who waits and for what.
-- on: book
select
    settings.as_of_date as today,
    settings.paused_until,
    settings.last_decision_id,
    (
        select count(*) from main.people
        where not people.is_owner
    ) as people,
    (select count(*) from main.ties) as ties,
    count(follow_ups.uid) filter (where starts_with(follow_ups.why_not, 'cap_')) as capped,
    count(distinct follow_ups.person_id) filter (where follow_ups.why_not = 'not_chosen')
        as undecided,
    count(distinct follow_ups.person_id) filter (where follow_ups.why_not = 'not_chosen_yet')
        as unchosen,
    count(distinct follow_ups.person_id) filter (where follow_ups.why_not = 'stale') as unread,
    list(
        struct_pack(name := follow_ups.display_name, until_date := follow_ups.blocked_until)
        order by follow_ups.blocked_until, follow_ups.display_name
    ) filter (
        where
        follow_ups.why_not = 'snoozed'
        or (follow_ups.is_open and follow_ups.blocked_until > settings.as_of_date)
    ) as snoozed
from main.settings
left join main.follow_ups on true
group by all
