-- One row per owner and person with contact or a cadence given: the one that holds, and its source.
-- key: owner_id, person_id
-- owner_id: the owner
-- person_id: the other
-- typical_days: the gap learned from history (cadence v1), the median of what is expected
-- learned_due_after_days: the gap that four in five returns stay within
-- n_gaps: gaps it was learned from; with none it is the book's own
-- usual_words: how often they meet, as people say it: by their own gaps, or by everybody's where
-- there are fewer than three
-- cadence_source: given (to this person), circle or learned
-- cadence_days: the cadence that holds: given, the circle's, or the typical gap
-- due_after_days: days after the last contact from which it is over
-- given_date: the day a given cadence was given; a circle's is the day the person was first seen
-- last_contact_date: the last day in touch, if any
-- due_date: the day it is over
with strengths as (
    select * from judgement.strengths
),

person_gaps as (
    select * from judgement.person_gaps
),

books as (
    select * from judgement.books
),

choices as (
    select * from judgement.choices
),

circle_wishes as (
    select * from judgement.circle_wishes
),

persons as (
    select * from identity.persons
    where
        kind = 'person'
        and not is_owner
        and not coalesce(is_resting, false)
        and not coalesce(is_deceased_hint, false)
),

settings as (
    select * from raw.settings
),

considered as (
    select
        strengths.owner_id,
        strengths.person_id
    from strengths
    union
    select
        choices.owner_id,
        choices.person_id
    from choices
    union
    select
        circle_wishes.owner_id,
        circle_wishes.person_id
    from circle_wishes
),

fitted as (
    select
        considered.owner_id,
        considered.person_id,
        strengths.last_contact_date,
        coalesce(person_gaps.n_gaps, 0) as n_gaps,
        case
            when person_gaps.n_gaps >= 3 then person_gaps.median_gap
            else exp(books.mu0)
        end as usual_days,
        (
            settings.cadence_prior_weight * books.mu0 + coalesce(person_gaps.sum_ln_gap, 0)
        ) / (settings.cadence_prior_weight + coalesce(person_gaps.n_gaps, 0)) as mu,
        sqrt(
            books.s2
            * (1 + 1 / (settings.cadence_prior_weight + coalesce(person_gaps.n_gaps, 0)))
        ) as sd,
        settings.cadence_quantile_z,
        choices.every_days as own_days,
        circle_wishes.every_days as circle_days,
        case
            when choices.every_days is not null then choices.every_date
            else coalesce(
                (persons.first_seen_at at time zone settings.time_zone)::date, settings.as_of_date
            )
        end as given_date
    from considered
    inner join persons on considered.person_id = persons.person_id
    inner join books on considered.owner_id = books.owner_id
    cross join settings
    left join strengths
        on
            considered.owner_id = strengths.owner_id
            and considered.person_id = strengths.person_id
    left join person_gaps
        on
            considered.owner_id = person_gaps.owner_id
            and considered.person_id = person_gaps.person_id
    left join choices
        on
            considered.owner_id = choices.owner_id
            and considered.person_id = choices.person_id
    left join circle_wishes
        on
            considered.owner_id = circle_wishes.owner_id
            and considered.person_id = circle_wishes.person_id
),

chosen as (
    select
        fitted.*,
        exp(fitted.mu) as typical_days,
        exp(fitted.mu + fitted.cadence_quantile_z * fitted.sd) as learned_due_after_days,
        coalesce(fitted.own_days, fitted.circle_days) as given_days,
        case
            when fitted.own_days is not null then 'given'
            when fitted.circle_days is not null then 'circle'
            else 'learned'
        end as cadence_source
    from fitted
),

-- Rounded as people speak: "every 41 days" says nobody.
said as (
    select
        chosen.owner_id,
        chosen.person_id,
        regexp_replace(
            'every ' || case
                when chosen.usual_days < 11
                    then greatest(round(chosen.usual_days), 1)::integer::varchar || ' days'
                when chosen.usual_days < 60
                    then round(chosen.usual_days / 7.0::double)::integer::varchar || ' weeks'
                when chosen.usual_days < 348
                    then round(chosen.usual_days / 30.4375::double)::integer::varchar || ' months'
                when chosen.usual_days < 550 then '1 years'
                else round(chosen.usual_days / 365.25::double)::integer::varchar || ' years'
            end,
            '^every 1 (day|week|month|year)s$',
            'every \1'
        ) as every_words
    from chosen
),

-- Without history all of a circle would be due on one day: spread them over the cadence.
staggered as (
    select
        chosen.*,
        chosen.given_days - floor(
            chosen.given_days
            * (row_number() over same_start - 1)
            / (count(*) over (
                partition by chosen.owner_id, chosen.given_date, chosen.given_days
            ))::double
        )::integer as first_gap_days
    from chosen
    where
        chosen.last_contact_date is null
        and chosen.given_days is not null
    window same_start as (
        partition by chosen.owner_id, chosen.given_date, chosen.given_days
        order by chosen.person_id
    )
),

final as (
    select
        chosen.owner_id,
        chosen.person_id,
        chosen.typical_days,
        chosen.learned_due_after_days,
        chosen.n_gaps,
        case
            when chosen.n_gaps >= 3 then 'usually about ' || said.every_words
            else 'about ' || said.every_words || ', as with most people you meet'
        end as usual_words,
        chosen.cadence_source,
        coalesce(chosen.given_days, chosen.typical_days) as cadence_days,
        coalesce(chosen.given_days, chosen.learned_due_after_days) as due_after_days,
        case when chosen.given_days is not null then chosen.given_date end as given_date,
        chosen.last_contact_date,
        case
            when chosen.last_contact_date is not null
                then chosen.last_contact_date + ceil(
                    least(coalesce(chosen.given_days, chosen.learned_due_after_days), 100000)
                )::integer
            when chosen.given_days is not null
                then staggered.given_date + staggered.first_gap_days
        end as due_date
    from chosen
    inner join said
        on
            chosen.owner_id = said.owner_id
            and chosen.person_id = said.person_id
    left join staggered
        on
            chosen.owner_id = staggered.owner_id
            and chosen.person_id = staggered.person_id
)

select * from final
