-- One row per rule and month of the book's own past: whom the rule would have named in it, and what
-- came of it; `kithbook backtest` reads it to you. A silence is judged by what was known on the day
-- of the last contact, the whole book by what was known at the end of the month before: nothing
-- later enters.
-- key: owner_id, rule, month_date
-- owner_id: the owner
-- rule: learned (the cadence as kithbook learns it), every_90_days (for everybody) or
-- twice_the_median (of somebody's last twenty gaps so far)
-- month_date: the first day of the month
-- is_settled: a year has passed since the month, so that all is known of it
-- named: people named in it, once a silence
-- came_by_themselves: of them, back within a fortnight: a nag
-- came_later: of them, back within a year
-- never_came: of them, not back within a year: rightly named
-- came_after_task: of them, back on a task of ours or after it
-- too_early_to_say: of them, not back, and named less than a year ago
-- returns: silences that ended in the month by themselves, within cadence_max_gap_days
-- returns_in_time: of those, before the rule would have thought them long
-- known: people known at the month's end and a year before it; null before there are any, and for
-- the other rules
-- in_touch: of those, in touch in the 90 days up to the month's end
-- strength_auc: of somebody in touch and somebody who was not, how often the strength of a year
-- before put the first higher: 0.5 is chance; null where all or none are
-- silence_auc: the same of how long they had been silent then

with silences as (
    select
        steps.owner_id,
        steps.person_id,
        steps.contact_day as from_day,
        date_trunc('month', date '1970-01-01' + steps.epoch_day)::date as from_month,
        lead(steps.contact_day ignore nulls) over person_steps as to_day,
        sum(steps.n_gaps) over person_steps as n_gaps,
        (sum(steps.ln_gap) over person_steps)::double as sum_ln_gap,
        median(steps.gap_days) over last_steps as median_gap
    from history.steps
    -- a series that ended on this day teaches nothing of what follows
    window
        person_steps as (
            partition by steps.owner_id, steps.person_id
            order by steps.epoch_day, steps.contact_day nulls first
            rows unbounded preceding
        ),
        -- twenty say as much as all of them, in half of the time
        last_steps as (
            partition by steps.owner_id, steps.person_id
            order by steps.epoch_day, steps.contact_day nulls first
            rows between 19 preceding and current row
        )
),

judged as (
    select
        silences.owner_id,
        silences.from_day,
        silences.to_day,
        datediff('day', date '1970-01-01', settings.as_of_date) as today,
        settings.cadence_max_gap_days,
        coalesce(reminded_days.is_first_since, false) as is_reminded,
        coalesce(gap_priors.mu0, ln(settings.cadence_prior_days)) as book_ln_gap,
        settings.cadence_prior_weight + silences.n_gaps as gap_weight,
        exp(
            (settings.cadence_prior_weight * book_ln_gap + silences.sum_ln_gap) / gap_weight
            + settings.cadence_quantile_z
            * sqrt(coalesce(gap_priors.s2, settings.cadence_prior_variance) * (1 + 1 / gap_weight))
        ) as learned_days,
        2 * coalesce(silences.median_gap, exp(book_ln_gap)) as median_days,
        settings.check_in_floor_days
    from silences
    left join history.reminded_days
        on
            silences.owner_id = reminded_days.owner_id
            and silences.person_id = reminded_days.person_id
            and date '1970-01-01' + silences.to_day = reminded_days.contact_date
    left join judgement.gap_priors
        on
            silences.owner_id = gap_priors.owner_id
            and silences.from_month - interval 1 month = gap_priors.month_date
    cross join raw.settings
    where silences.from_day is not null
),

by_rule as (
    select
        judged.*,
        unnest(['learned', 'every_90_days', 'twice_the_median']) as "rule",
        unnest(
            [greatest(judged.learned_days, judged.check_in_floor_days), 90, judged.median_days]
        ) as due_days
    from judged
),

namings as (
    select
        by_rule.*,
        by_rule.from_day + ceil(by_rule.due_days)::integer as named_day,
        by_rule.to_day - named_day as later_days
    from by_rule
    where by_rule.from_day + ceil(by_rule.due_days) <= coalesce(by_rule.to_day, by_rule.today)
),

named_months as (
    select
        namings.owner_id,
        namings.rule,
        date_trunc('month', date '1970-01-01' + namings.named_day)::date as month_date,
        count(*) as named,
        count(*) filter (where namings.later_days <= 14 and not namings.is_reminded)
            as came_by_themselves,
        count(*) filter (
            where namings.later_days between 15 and 365 and not namings.is_reminded
        ) as came_later,
        count(*) filter (where namings.later_days <= 365 and namings.is_reminded)
            as came_after_task,
        count(*) filter (
            where
            coalesce(namings.later_days > 365, true) and namings.today - namings.named_day >= 365
        ) as never_came,
        count(*) filter (
            where namings.to_day is null and namings.today - namings.named_day < 365
        ) as too_early_to_say
    from namings
    group by all
),

-- The rules do not differ in who came back, so each silence is looked at once.
returns as (
    select
        judged.owner_id,
        date_trunc('month', date '1970-01-01' + judged.to_day)::date as month_date,
        count(*) as returns,
        count(*) filter (where judged.to_day - judged.from_day <= judged.learned_days) as learned,
        count(*) filter (where judged.to_day - judged.from_day <= 90) as every_90_days,
        count(*) filter (where judged.to_day - judged.from_day <= judged.median_days)
            as twice_the_median
    from judged
    where judged.to_day - judged.from_day <= judged.cadence_max_gap_days and not judged.is_reminded
    group by all
),

return_months as (
    select
        returns.owner_id,
        returns.month_date,
        returns.returns,
        unnest(['learned', 'every_90_days', 'twice_the_median']) as "rule",
        unnest([returns.learned, returns.every_90_days, returns.twice_the_median])
            as returns_in_time
    from returns
),

-- Who was known a year before a month's end, by how long they had been silent then: how many are in
-- touch, and what their ranks come to.
a_year_later as (
    select
        monthly_strengths.owner_id,
        later.month_date,
        monthly_strengths.silent_days,
        count(*) as known,
        count(*) filter (where later.silent_days < 90) as in_touch,
        sum(monthly_strengths.strength_rank) filter (where later.silent_days < 90) as rank_sum
    from judgement.monthly_strengths
    inner join judgement.monthly_strengths as later
        on
            monthly_strengths.owner_id = later.owner_id
            and monthly_strengths.person_id = later.person_id
            and monthly_strengths.month_date + interval 1 year = later.month_date
    where later.known_date = last_day(later.month_date)
    group by monthly_strengths.owner_id, later.month_date, monthly_strengths.silent_days
),

-- Those who were silent for as long share the middle of their ranks.
silence_ranks as (
    select
        a_year_later.*,
        sum(a_year_later.known) over (
            partition by a_year_later.owner_id, a_year_later.month_date
            order by a_year_later.silent_days
        ) - (a_year_later.known - 1) / 2.0::double as middle_rank
    from a_year_later
),

strength_sums as (
    select
        silence_ranks.owner_id,
        'learned' as rule,
        silence_ranks.month_date,
        sum(silence_ranks.known)::bigint as known,
        sum(silence_ranks.in_touch)::bigint as in_touch,
        sum(silence_ranks.rank_sum) as rank_sum,
        sum(silence_ranks.in_touch * silence_ranks.middle_rank) as silence_rank_sum
    from silence_ranks
    group by silence_ranks.owner_id, silence_ranks.month_date
),

-- The area under the curve, from the sum of the ranks of those in touch.
strength_months as (
    select
        strength_sums.*,
        strength_sums.in_touch * (strength_sums.in_touch + 1) / 2.0::double as least_sum,
        nullif(strength_sums.in_touch * (strength_sums.known - strength_sums.in_touch), 0) as pairs,
        1 - (strength_sums.rank_sum - least_sum) / pairs as strength_auc,
        1 - (strength_sums.silence_rank_sum - least_sum) / pairs as silence_auc
    from strength_sums
),

joined as (
    select * -- noqa: RF02
    from named_months
    full outer join return_months using (owner_id, rule, month_date)
    full outer join strength_months using (owner_id, rule, month_date)
)

select
    joined.owner_id,
    joined.rule,
    joined.month_date,
    last_day(joined.month_date) + 365 <= settings.as_of_date as is_settled,
    coalesce(joined.named, 0) as named,
    coalesce(joined.came_by_themselves, 0) as came_by_themselves,
    coalesce(joined.came_later, 0) as came_later,
    coalesce(joined.never_came, 0) as never_came,
    coalesce(joined.came_after_task, 0) as came_after_task,
    coalesce(joined.too_early_to_say, 0) as too_early_to_say,
    coalesce(joined.returns, 0) as returns,
    coalesce(joined.returns_in_time, 0) as returns_in_time,
    joined.known,
    joined.in_touch,
    joined.strength_auc,
    joined.silence_auc
from joined
cross join raw.settings
