-- One row per owner, person and day that adds to what is known of the two: a day in touch, with the
-- gap that it ended; and the day on which a series ended, from which on its gaps teach nothing.
-- Decimals add up to the same sum in any order, whatever threads there are; doubles do not.
-- key: owner_id, person_id, epoch_day, contact_day
-- epoch_day: the day as a number, 1970-01-01 being 0
-- contact_day: the same of a day in touch; null of the end of a series
-- gap_days: the gap that it ended; null of the first day in touch, and of the end of a series
-- weight: what the day counts for
-- begins_spell: 1 for the first day of each spell of active_month_days: their sum is the number of
-- active months
-- n_gaps: gaps that teach from then on: 1 or 0; less than 0 for those that teach no longer
-- ln_gap: the sum of their ln, with that sign
-- square: that of its squares
select
    gaps.owner_id,
    gaps.person_id,
    datediff('day', date '1970-01-01', gaps.to_date)::integer as epoch_day,
    epoch_day as contact_day,
    gaps.gap_days,
    gaps.weight,
    (
        epoch_day // settings.active_month_days
        <> (epoch_day - gaps.gap_days) // settings.active_month_days
    )::integer as begins_spell,
    (coalesce(gaps.ignored_reason, 'series_ended') = 'series_ended')::integer as n_gaps,
    (n_gaps * ln(gaps.gap_days))::decimal(18, 14) as ln_gap,
    (n_gaps * ln(gaps.gap_days) ** 2)::decimal(18, 14) as square
from history.gaps
cross join raw.settings
union all by name
select
    contact_days.owner_id,
    contact_days.person_id,
    min(contact_days.epoch_day)::integer as epoch_day,
    min(contact_days.epoch_day)::integer as contact_day,
    arg_min(contact_days.weight, contact_days.epoch_day) as weight,
    1 as begins_spell,
    0 as n_gaps,
    0 as ln_gap,
    0 as square
from history.contact_days
group by contact_days.owner_id, contact_days.person_id
union all by name
select
    gaps.owner_id,
    gaps.person_id,
    datediff('day', date '1970-01-01', gaps.ignored_date)::integer as epoch_day,
    0 as weight,
    0 as begins_spell,
    -count(*) as n_gaps,
    -sum(ln(gaps.gap_days)::decimal(18, 14)) as ln_gap,
    -sum((ln(gaps.gap_days) ** 2)::decimal(18, 14)) as square
from history.gaps
where gaps.ignored_date is not null
group by gaps.owner_id, gaps.person_id, gaps.ignored_date
