-- The closest 50, a row each, the closest first: their days in touch over three years, and the
-- stretches in which the rhythm held. Days are counted from three years ago; today is 1096.
-- Each day in touch lights the days until the next is due; a thread breaks where none came.
-- on: book
with
days as (
    select
        ties.person_id,
        ties.strength_rank,
        ties.due_after_days,
        ties.state,
        datediff('day', settings.as_of_date, interactions.interaction_date) + 1096 as day,
        bool_or(coalesce(interactions.n_people <= 2, true)) as is_one_to_one
    from main.ties
    inner join main.people on ties.person_id = people.person_id
    cross join main.settings
    inner join main.interactions on ties.person_id = interactions.person_id
    where ties.strength_rank <= 50 and not people.is_deceased_hint and interactions.is_counted
    group by all
),

lit as (
    select
        days.*,
        coalesce(
            days.day > max(days.day + days.due_after_days) over (
                partition by days.person_id
                order by days.day
                rows between unbounded preceding and 1 preceding
            ),
            true
        ) as begins
    from days
),

numbered as (
    select
        lit.*,
        count(*) filter (where lit.begins) over (
            partition by lit.person_id
            order by lit.day
        ) as stretch
    from lit
),

stretches as (
    select
        numbered.person_id,
        numbered.stretch,
        min(numbered.day) as from_day,
        max(numbered.day + numbered.due_after_days) as to_day
    from numbered
    where numbered.due_after_days is not null
    group by numbered.person_id, numbered.stretch
),

threads as (
    select
        stretches.person_id,
        list([stretches.from_day, stretches.to_day] order by stretches.from_day) filter (
            where stretches.to_day >= 0
        ) as stretches,
        max(stretches.to_day) as ends
    from stretches
    group by stretches.person_id
)

select
    days.person_id,
    coalesce(
        list(days.day order by days.day) filter (where days.is_one_to_one and days.day >= 0), []
    ) as alone_days,
    coalesce(
        list(days.day order by days.day) filter (where not days.is_one_to_one and days.day >= 0), []
    ) as company_days,
    coalesce(any_value(threads.stretches), []) as stretches,
    case
        when days.state in ('overdue', 'lapsed', 'dormant')
            then least(coalesce(any_value(threads.ends), max(days.day)), 1096)
    end as quiet_from
from days
left join threads on days.person_id = threads.person_id
group by days.person_id, days.strength_rank, days.state
order by days.strength_rank
