-- The birthdays of the next 60 days: of whom the owner chose, of the closest 150 and, as long as
-- there is room, of everybody else.
-- on: book
with
ahead as (
    select
        birthdays.person_id,
        birthdays.display_name,
        birthdays.next_date,
        birthdays.days_until,
        birthdays.turns,
        birthdays.birth_month = 2 and birthdays.birth_day = 29 as is_leap_day,
        count(*) over () as n_birthdays
    from main.birthdays
    inner join main.people on birthdays.person_id = people.person_id
    left join main.ties on birthdays.person_id = ties.person_id
    where birthdays.days_until <= 60 and not people.is_owner
    qualify row_number() over (
        order by
            coalesce(ties.is_chosen, false) desc,
            ties.strength_rank asc nulls last,
            birthdays.next_date asc,
            birthdays.person_id asc
    ) <= 40
)

select ahead.* from ahead
order by ahead.next_date asc, ahead.display_name asc, ahead.person_id asc
