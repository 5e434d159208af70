-- One row per owner, person and day on which strengths are taken, since their first contact: how
-- strong the tie was by what was known then (docs/tie-strength.md; strength.version says by which
-- formula).
-- key: owner_id, person_id, known_date
-- known_date: a month's last day, a quarter ago, or today
-- silent_days: days since the last contact by then
-- strength_rank: 1 is the strongest of that day

with days as (
    select distinct
        steps.owner_id,
        steps.epoch_day
    from history.steps
),

-- What a day counted for on each day on which strengths are taken: the same for everybody.
fading as (
    select
        gap_priors.owner_id,
        gap_priors.known_date,
        days.epoch_day,
        datediff('day', date '1970-01-01', gap_priors.known_date)::integer as known_day,
        case settings.strength_version
            when 1 then 1 / (settings.strength_offset_days + known_day - days.epoch_day)
            else pow(
                settings.strength_offset_share * exp(gap_priors.mu0)
                + greatest(known_day - days.epoch_day, 1),
                -settings.strength_decay
            )
        end as share
    from judgement.gap_priors
    cross join raw.settings
    inner join days
        on
            gap_priors.owner_id = days.owner_id
            and datediff('day', date '1970-01-01', gap_priors.known_date) >= days.epoch_day
),

summed as (
    select
        steps.owner_id,
        steps.person_id,
        fading.known_date,
        any_value(fading.known_day) - max(steps.contact_day) as silent_days,
        ln(1 + sum(steps.begins_spell))
        * sum((steps.weight * fading.share)::decimal(18, 14))::double as warmth,
        sum(steps.n_gaps) as n_gaps,
        sum(steps.ln_gap)::double as sum_ln_gap
    from history.steps
    inner join fading using (owner_id, epoch_day)
    group by steps.owner_id, steps.person_id, fading.known_date
),

strengths as (
    select
        summed.owner_id,
        summed.person_id,
        summed.known_date,
        gap_priors.month_date,
        gap_priors.is_now,
        summed.silent_days,
        case settings.strength_version
            when 1 then summed.warmth
            else summed.warmth / sqrt(
                1 + greatest(summed.silent_days, 1) / exp(
                    (settings.cadence_prior_weight * gap_priors.mu0 + summed.sum_ln_gap)
                    / (settings.cadence_prior_weight + summed.n_gaps)
                )
            )
        end as strength
    from summed
    inner join judgement.gap_priors using (owner_id, known_date)
    cross join raw.settings
),

-- Of two ties of one strength an address decides: numbers differ from one machine to another.
places as (
    select
        record_persons.person_id,
        row_number() over (
            order by min(record_points.point), record_persons.person_id
        ) as person_place
    from identity.record_points
    inner join identity.record_persons using (record_id)
    group by record_persons.person_id
)

select
    strengths.*,
    row_number() over (
        partition by strengths.owner_id, strengths.known_date
        order by
            strengths.strength desc,
            places.person_place asc nulls last,
            strengths.person_id asc
    ) as strength_rank
from strengths
left join places using (person_id)
