-- Whose time comes in the next days, a row each: the check-ins of those the owner chose (before any
-- are chosen, of the closest) and the birthdays of the closest. Booked: a meeting comes first.
-- $1: days ahead
-- on: book
with
chosen as (
    select
        ties.person_id,
        ties.display_name,
        ties.due_date,
        ties.last_contact_date,
        ties.strength_rank,
        ties.is_chosen
        or (
            not bool_or(ties.is_chosen) over ()
            and ties.strength_rank <= settings.unchosen_layer
            and not ties.is_colleague
        ) as is_asked_for,
        ties.is_chosen or ties.strength_rank <= settings.birthday_layer as is_wished,
        settings.as_of_date as today,
        people.is_muted
    from main.ties
    inner join main.people on ties.person_id = people.person_id
    cross join main.settings
    where not people.is_deceased_hint
),

booked as (
    select
        upcoming.person_id,
        min(upcoming.start_date) as booked_date
    from main.upcoming
    group by upcoming.person_id
),

ahead as (
    select
        chosen.person_id,
        chosen.display_name,
        'check_in' as kind,
        chosen.due_date as date,
        chosen.last_contact_date,
        null::bigint as turns,
        if(booked.booked_date <= chosen.due_date, booked.booked_date, null) as booked_date,
        chosen.strength_rank
    from chosen
    left join booked on chosen.person_id = booked.person_id
    where
        chosen.is_asked_for
        and not chosen.is_muted
        and chosen.due_date between chosen.today + 1 and chosen.today + $1::integer
    union all
    select
        chosen.person_id,
        chosen.display_name,
        'birthday' as kind,
        birthdays.next_date as date,
        chosen.last_contact_date,
        birthdays.turns,
        null as booked_date,
        chosen.strength_rank
    from chosen
    inner join main.birthdays on chosen.person_id = birthdays.person_id
    where
        chosen.is_wished
        and not chosen.is_muted
        and birthdays.days_until between 1 and $1::integer
)

select
    ahead.person_id,
    ahead.display_name,
    ahead.kind,
    ahead.date,
    ahead.last_contact_date,
    ahead.turns,
    ahead.booked_date
from ahead
-- what `due` lists already is not still to come
anti join main.follow_ups
    on
        ahead.person_id = follow_ups.person_id
        and ahead.kind = follow_ups.kind
        and (follow_ups.is_open or follow_ups.opens_now)
order by ahead.date asc, ahead.kind asc, ahead.strength_rank asc nulls last, ahead.person_id asc
