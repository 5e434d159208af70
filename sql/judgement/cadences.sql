-- One row per owner and person with contact or a cadence given: the cadence that holds, its source,
-- and how the tie stands.
-- key: owner_id, person_id
-- typical_days: the gap learned from history (cadence v1), the median of what is expected
-- n_gaps: gaps it was learned from; with none it is the book's own
-- usual_days: how often they meet, rounded as people speak: the gap that half of their own stay
-- within, or everybody's where there are fewer than three
-- usual_words: the same in words
-- cadence_source: given (to this person), circle, usual (kept: about as often as so far) or learned
-- cadence_days: the cadence that holds: given, the circle's, usual_days, or the typical gap
-- due_after_days: days after the last contact from which it is over; a learned one is the gap that
-- four in five returns stay within
-- given_date: the day a given cadence was given, or they were kept; a circle's is the day the
-- person was first seen
-- last_contact_date: the last day in touch, if any
-- due_date: the day it is over; a learned one not before check_in_floor_days
-- days_over: days since then; negative before
-- state: in touch, dormant, lapsed, overdue, due soon, on track, or new (nothing to go by yet); the
-- first that fits

-- Their own gaps, and those of them that teach: the long ones do not. Decimals add up to the same
-- sum in any order, whatever threads there are; doubles do not.
with own_gaps as (
    select
        gaps.owner_id,
        gaps.person_id,
        count(*) as n_own_gaps,
        median(gaps.gap_days)::double as median_gap,
        count(*) filter (where gaps.ignored_reason is null) as n_gaps,
        (sum(ln(gaps.gap_days)::decimal(18, 14)) filter (where gaps.ignored_reason is null))::double
            as sum_ln_gap
    from history.gaps
    where coalesce(gaps.ignored_reason, 'too_long') = 'too_long'
    group by gaps.owner_id, gaps.person_id
),

fitted as (
    select
        judged_people.owner_id,
        judged_people.person_id,
        strengths.last_contact_date,
        coalesce(own_gaps.n_gaps, 0) as n_gaps,
        coalesce(own_gaps.n_own_gaps >= 3, false) as is_own,
        gap_priors.people_with_gaps,
        case
            when own_gaps.n_own_gaps >= 3 then own_gaps.median_gap
            else exp(gap_priors.mu0)
        end as half_within_days,
        (
            settings.cadence_prior_weight * gap_priors.mu0 + coalesce(own_gaps.sum_ln_gap, 0)
        ) / (settings.cadence_prior_weight + coalesce(own_gaps.n_gaps, 0)) as mu,
        sqrt(
            gap_priors.s2
            * (1 + 1 / (settings.cadence_prior_weight + coalesce(own_gaps.n_gaps, 0)))
        ) as sd,
        settings.cadence_quantile_z,
        settings.check_in_floor_days,
        settings.lapsed_factor,
        person_decisions.every_days as own_days,
        circle_wishes.every_days as circle_days,
        coalesce(person_decisions.choice = 'keep', false) as is_kept,
        case
            when person_decisions.every_days is not null then person_decisions.every_date
            when person_decisions.choice = 'keep' and circle_wishes.every_days is null
                then person_decisions.choice_date
            else coalesce(judged_people.first_seen_date, settings.as_of_date)
        end as given_date
    from identity.judged_people
    left join judgement.strengths using (owner_id, person_id)
    left join own_gaps using (owner_id, person_id)
    left join judgement.person_decisions using (owner_id, person_id)
    left join judgement.circle_wishes using (owner_id, person_id)
    inner join judgement.gap_priors
        on judged_people.owner_id = gap_priors.owner_id and gap_priors.is_now
    cross join raw.settings
    where
        coalesce(strengths.person_id, person_decisions.person_id, circle_wishes.person_id)
        is not null
        and not coalesce(judged_people.is_deceased_hint, false)
),

-- Rounded as people speak: nobody says "every 41 days".
chosen as materialized (
    select
        fitted.*,
        case
            when fitted.half_within_days < 6 then 'day'
            when fitted.half_within_days between 27 and 33 then 'month'
            when fitted.half_within_days < 60 then 'week'
            when fitted.half_within_days < 348 then 'month'
            -- "every 18 months", but "every year" for what is near it
            when fitted.half_within_days between 426 and 640 then 'month'
            else 'year'
        end as unit,
        case unit
            when 'day' then 1
            when 'week' then 7
            when 'month' then 30.4375::double
            else 365.25::double
        end as unit_days,
        greatest(round(fitted.half_within_days / unit_days), 1)::integer as unit_count,
        round(unit_count * unit_days)::integer as usual_days,
        'every ' || case
            when unit_count = 1 then unit
            else unit_count::varchar || ' ' || unit || 's'
        end as every_words,
        exp(fitted.mu) as typical_days,
        exp(fitted.mu + fitted.cadence_quantile_z * fitted.sd) as learned_due_after_days,
        coalesce(
            fitted.own_days,
            fitted.circle_days,
            case when fitted.is_kept then usual_days end
        ) as given_days,
        case
            when fitted.own_days is not null then 'given'
            when fitted.circle_days is not null then 'circle'
            when fitted.is_kept then 'usual'
            else 'learned'
        end as cadence_source,
        coalesce(
            given_days, greatest(learned_due_after_days, fitted.check_in_floor_days)
        ) as due_days,
        -- the floor puts off both days alike, or the frequent would have lapsed when they come due
        case
            when given_days is null
                then
                    fitted.lapsed_factor * typical_days
                    * greatest(fitted.check_in_floor_days / learned_due_after_days, 1)
        end as lapsed_after_days
    from fitted
)

select
    chosen.owner_id,
    chosen.person_id,
    chosen.typical_days,
    chosen.n_gaps,
    chosen.usual_days,
    case
        when chosen.is_own then 'usually about ' || chosen.every_words
        when chosen.people_with_gaps > 0
            then 'about ' || chosen.every_words || ', as with most people you meet'
        else 'about ' || chosen.every_words || ', to begin with'
    end as usual_words,
    chosen.cadence_source,
    coalesce(chosen.given_days, chosen.typical_days) as cadence_days,
    coalesce(chosen.given_days, chosen.learned_due_after_days) as due_after_days,
    case when chosen.given_days is not null then chosen.given_date end as given_date,
    chosen.last_contact_date,
    case
        when chosen.last_contact_date is not null
            then chosen.last_contact_date + ceil(least(chosen.due_days, 100000))::integer
        -- without history all of a circle would be due on one day: spread them over the cadence
        when chosen.given_days is not null
            then
                chosen.given_date + chosen.given_days - floor(
                    chosen.given_days
                    * (row_number() over (same_start order by chosen.person_id) - 1)
                    / (count(*) over same_start)::double
                )::integer
    end as due_date,
    datediff('day', chosen.last_contact_date, settings.as_of_date) as days_since_contact,
    datediff('day', due_date, settings.as_of_date) as days_over,
    case
        when wishes.is_in_touch then 'in touch'
        when days_since_contact > settings.dormant_days then 'dormant'
        when days_since_contact > chosen.lapsed_after_days then 'lapsed'
        when due_date is null then 'new'
        when days_over >= 0 then 'overdue'
        when
            -- a weekly friend met today is not due soon
            -days_over <= least(
                settings.due_soon_days,
                coalesce(due_date - chosen.last_contact_date, due_after_days) / 2
            )
            and not coalesce(bookings.is_near, false) then 'due soon'
        else 'on track'
    end as state
from chosen
inner join judgement.wishes using (owner_id, person_id)
left join judgement.bookings using (owner_id, person_id)
cross join raw.settings
window same_start as (
    partition by
        chosen.owner_id, chosen.given_date, chosen.given_days, chosen.last_contact_date is null
)
