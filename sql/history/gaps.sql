-- One row per owner, person and two days in touch that follow each other, with what it teaches.
-- key: owner_id, person_id, to_date
-- from_date: the day before the gap
-- to_date: the day that ended it
-- weight: what the day that ended it counts for
-- ignored_reason: why it teaches nothing: too_long, own_task (our own reminder ended it: learning
-- from it would lengthen the next) or series_ended; null when it counts
-- ignored_date: where its series has ended: from which day on it taught nothing

-- A series has ended when nothing of it is to come.
with ended_series as (
    select
        occasions.item_id,
        coalesce(
            max(occasions.start_date) filter (
                where coalesce(occasions.excluded_reason, '') not in ('cancelled', 'deleted')
            ),
            date '0001-01-01'
        ) as last_date
    from history.occasions
    where occasions.is_recurring
    group by occasions.item_id
    having bool_and(
        occasions.is_over or coalesce(occasions.excluded_reason, '') in ('cancelled', 'deleted')
    )
),

pairs as (
    select
        contact_days.owner_id,
        contact_days.person_id,
        contact_days.contact_date as to_date,
        contact_days.epoch_day,
        contact_days.weight,
        contact_days.is_own_task,
        contact_days.series_item_id,
        lag(contact_days.contact_date) over person_days as from_date,
        lag(contact_days.epoch_day) over person_days as from_day,
        lag(contact_days.series_item_id) over person_days as from_series
    from history.contact_days
    window person_days as (
        partition by contact_days.owner_id, contact_days.person_id
        order by contact_days.epoch_day
    )
)

select
    pairs.owner_id,
    pairs.person_id,
    pairs.from_date,
    pairs.to_date,
    (pairs.epoch_day - pairs.from_day)::integer as gap_days,
    pairs.weight,
    case
        when pairs.epoch_day - pairs.from_day > settings.cadence_max_gap_days then 'too_long'
        when pairs.is_own_task or reminded_days.is_while_open then 'own_task'
        when ended_series.item_id is not null and pairs.from_series is not null then 'series_ended'
    end as ignored_reason,
    case
        when ignored_reason = 'series_ended' then greatest(ended_series.last_date, pairs.to_date)
    end as ignored_date
from pairs
cross join raw.settings
left join history.reminded_days
    on
        pairs.owner_id = reminded_days.owner_id
        and pairs.person_id = reminded_days.person_id
        and pairs.to_date = reminded_days.contact_date
left join ended_series on pairs.series_item_id = ended_series.item_id
where pairs.from_date is not null
