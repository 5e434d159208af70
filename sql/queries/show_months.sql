-- The last 24 months, the first first: on how many days the owner was in touch with somebody.
-- $1: person_id
-- on: book
with
months as (
    select
        (date_trunc('month', settings.as_of_date) - to_months(23 - numbers.number))::date
            as month_date
    from main.settings
    cross join range(0, 24) as numbers (number)
)

select
    months.month_date,
    count(distinct interactions.interaction_date) as days
from months
left join main.interactions
    on
        date_trunc('month', interactions.interaction_date)::date = months.month_date
        and interactions.is_counted
        and interactions.person_id = $1
group by months.month_date
order by months.month_date
