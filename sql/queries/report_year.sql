-- The days of this month and the eleven before, each with how many people the owner was in touch
-- with, and where it stands on a wall calendar: month 0 to 11, weekday 0 for Monday, week of month.
-- Meetings of large series are left out. Days before the book begins have null.
-- on: book
with
days as (
    select
        settings.as_of_date as today,
        unnest(
            generate_series(
                date_trunc('month', settings.as_of_date) - interval 11 month,
                settings.as_of_date::timestamp,
                interval 1 day
            )
        )::date as date
    from main.settings
),

met as (
    select
        interactions.interaction_date as date,
        count(distinct interactions.person_id) as people
    from main.interactions
    inner join main.people on interactions.person_id = people.person_id
    where
        interactions.is_counted
        and interactions.interaction_kind <> 'large_series'
        and not people.is_deceased_hint
    group by interactions.interaction_date
),

bounds as (
    select min(met.date) as first_date from met
)

select
    days.date,
    case when days.date >= bounds.first_date then coalesce(met.people, 0) end as people,
    (year(days.date) - year(days.today)) * 12 + month(days.date) - month(days.today) + 11
        as month_number,
    isodow(days.date) - 1 as weekday,
    (day(days.date) - 1 + isodow(date_trunc('month', days.date)) - 1) // 7 as week_number
from days
cross join bounds
left join met on days.date = met.date
order by days.date
