-- One row per owner and day on which strengths are taken: what the whole book had taught about gaps
-- by then (cadence v1, the prior of everybody).
-- key: owner_id, known_date
-- known_date: each month's last day since the first contact, a quarter ago, and today
-- month_date: the first day of the month whose last day it is, or of today's; null for another
-- is_now: it is today
-- people_with_gaps: people with at least one gap that counted
-- mu0: the mean of their mean ln gap, with three people of 30 days added
-- s2: the variance of ln gap within a person, pooled, with twenty degrees of 1.5 added
with bounds as (
    select min(contact_days.contact_date) as first_date
    from history.contact_days
),

known_dates as (
    select
        settings.as_of_date,
        unnest(
            list_append(
                generate_series(
                    date_trunc(
                        'month', coalesce(bounds.first_date, settings.as_of_date)
                    )::timestamp,
                    settings.as_of_date::timestamp,
                    interval 1 month
                ),
                null
            )
        )::date as month_date,
        case
            when month_date is null then settings.as_of_date - 91
            else least(last_day(month_date), settings.as_of_date)
        end as known_date
    from raw.settings
    cross join bounds
),

changes as (
    select
        steps.*,
        date '1970-01-01' + steps.epoch_day as change_date
    from history.steps
    where steps.n_gaps <> 0
),

person_spells as (
    select
        changes.owner_id,
        changes.person_id,
        case
            when
                changes.change_date <= settings.as_of_date - 91
                and last_day(changes.change_date) > settings.as_of_date - 91
                then settings.as_of_date - 91
            else least(last_day(changes.change_date), settings.as_of_date)
        end as known_date,
        sum(changes.n_gaps)::bigint as n_gaps,
        sum(changes.ln_gap) as sum_ln_gap,
        sum(changes.square) as sum_squares
    from changes
    cross join raw.settings
    group by all
),

-- What each person's gaps taught from then on.
taught as (
    select
        person_spells.owner_id,
        person_spells.person_id,
        person_spells.known_date,
        (sum(person_spells.n_gaps) over so_far)::bigint as n_known,
        (sum(person_spells.sum_ln_gap) over so_far)::double as sum_known,
        (sum(person_spells.sum_squares) over so_far)::double as squares_known,
        coalesce(sum_known / nullif(n_known, 0), 0)::decimal(38, 20) as mean_ln_gap,
        coalesce(
            greatest(squares_known - sum_known * sum_known / nullif(n_known, 0), 0), 0
        )::decimal(38, 20) as within_ss
    from person_spells
    window so_far as (
        partition by person_spells.owner_id, person_spells.person_id
        order by person_spells.known_date
    )
),

-- What that added to the sums over the book.
added as (
    select
        taught.owner_id,
        taught.known_date,
        (taught.n_known > 0)::integer
        - coalesce(lag(taught.n_known > 0) over spell_before, false)::integer as people,
        taught.mean_ln_gap - coalesce(lag(taught.mean_ln_gap) over spell_before, 0) as mean_ln_gap,
        taught.within_ss - coalesce(lag(taught.within_ss) over spell_before, 0) as within_ss,
        greatest(taught.n_known - 1, 0)
        - coalesce(lag(greatest(taught.n_known - 1, 0)) over spell_before, 0) as freedom
    from taught
    window spell_before as (
        partition by taught.owner_id, taught.person_id order by taught.known_date
    )
),

spells as (
    select
        added.owner_id,
        added.known_date,
        sum(added.people) as people,
        sum(added.mean_ln_gap) as mean_ln_gap,
        sum(added.within_ss) as within_ss,
        sum(added.freedom) as freedom
    from added
    group by added.owner_id, added.known_date
),

summed as (
    select
        owners.owner_id,
        known_dates.known_date,
        max(known_dates.month_date) as month_date,
        known_dates.known_date = known_dates.as_of_date as is_now,
        coalesce(sum(any_value(spells.people)) over so_far, 0)::bigint as people_with_gaps,
        coalesce((sum(any_value(spells.mean_ln_gap)) over so_far)::double, 0) as mean_ln_gap,
        coalesce((sum(any_value(spells.within_ss)) over so_far)::double, 0) as within_ss,
        coalesce(sum(any_value(spells.freedom)) over so_far, 0) as freedom
    from raw.owners
    cross join known_dates
    left join spells using (owner_id, known_date)
    group by owners.owner_id, known_dates.known_date, known_dates.as_of_date
    window so_far as (partition by owners.owner_id order by known_dates.known_date)
)

select
    summed.owner_id,
    summed.known_date,
    summed.month_date,
    summed.is_now,
    summed.people_with_gaps,
    (
        summed.mean_ln_gap + settings.cadence_prior_people * ln(settings.cadence_prior_days)
    ) / (summed.people_with_gaps + settings.cadence_prior_people) as mu0,
    (
        summed.within_ss + settings.cadence_prior_df * settings.cadence_prior_variance
    ) / (summed.freedom + settings.cadence_prior_df) as s2
from summed
cross join raw.settings
