-- One row per owner, person and month since their first contact: strength as it was at its end.
-- key: owner_id, person_id, month_date
-- owner_id: the owner
-- person_id: the person
-- month_date: the first day of the month
-- strength: strength v1 on the month's last day (today for the current month)
-- strength_rank: the rank among all that month
with months as (
    select
        unnest(
            generate_series(
                date_trunc('month', bounds.first_date)::timestamp,
                settings.as_of_date::timestamp,
                interval 1 month
            )
        )::date as month_date,
        settings.as_of_date,
        settings.strength_offset_days
    from (select min(contact_days.contact_date) as first_date from history.contact_days) as bounds
    cross join raw.settings
),

month_ends as (
    select
        months.month_date,
        datediff(
            'day',
            date '1970-01-01',
            least((months.month_date + interval 1 month)::date - 1, months.as_of_date)
        )::integer as end_day,
        months.strength_offset_days
    from months
),

-- The first day of each spell of 30 days: their number up to a day is that of the active months.
marked as (
    select
        contact_days.owner_id,
        contact_days.person_id,
        contact_days.epoch_day::integer as epoch_day,
        contact_days.weight,
        coalesce(
            contact_days.epoch_day // settings.active_month_days <> lag(
                contact_days.epoch_day // settings.active_month_days
            ) over (
                partition by contact_days.owner_id, contact_days.person_id
                order by contact_days.epoch_day
            ),
            true
        )::integer as begins_spell
    from history.contact_days
    cross join raw.settings
),

summed as (
    select
        marked.owner_id,
        marked.person_id,
        month_ends.month_date,
        ln(1 + sum(marked.begins_spell)) * sum((
            marked.weight
            / (month_ends.strength_offset_days + (month_ends.end_day - marked.epoch_day))
        )::decimal(18, 14))::double as strength
    from marked
    inner join month_ends on marked.epoch_day <= month_ends.end_day
    group by marked.owner_id, marked.person_id, month_ends.month_date
)

select
    summed.*,
    row_number() over (
        partition by summed.owner_id, summed.month_date
        order by summed.strength desc, summed.person_id asc
    ) as strength_rank
from summed
