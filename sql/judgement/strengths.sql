-- One row per owner and person ever in touch: the strength today (docs/tie-strength.md) and its
-- parts.
-- key: owner_id, person_id
-- strength: the formula's value; shown as rank, layer and trend, never alone
-- strength_quarter_ago: the same formula 91 days ago; null for who was unknown then
-- one_to_one_share: how many of the days the two were alone
-- owner_share: of the days where one of the two organised, how many the owner did
-- strength_rank: 1 is the strongest
-- layer: closest 5, closest 15, closest 50, closest 150 or beyond
-- layer_size: 5, 15, 50, 150; a million for beyond
-- best_layer_size: the best at the end of any month
-- trend: new, warming, steady or cooling: strength now against a quarter ago
with counted as (
    select
        contact_days.owner_id,
        contact_days.person_id,
        count(*) as contact_day_count,
        count(distinct contact_days.epoch_day // settings.active_month_days) as active_months,
        min(contact_days.contact_date) as first_contact_date,
        max(contact_days.contact_date) as last_contact_date,
        count(*) filter (where contact_days.is_one_to_one) / count(*)::double as one_to_one_share,
        count(*) filter (where contact_days.is_initiated)
        / nullif(
            count(*) filter (where contact_days.is_initiated or contact_days.is_answered), 0
        )::double as owner_share
    from history.contact_days
    cross join raw.settings
    group by contact_days.owner_id, contact_days.person_id
),

-- Today's, a quarter ago's, and the best of them all.
taken as (
    select
        monthly_strengths.owner_id,
        monthly_strengths.person_id,
        min(monthly_strengths.strength) filter (where monthly_strengths.is_now) as strength,
        min(monthly_strengths.strength) filter (
            where monthly_strengths.known_date = settings.as_of_date - 91
        ) as strength_quarter_ago,
        min(monthly_strengths.strength_rank) filter (
            where monthly_strengths.is_now
        ) as strength_rank,
        min(monthly_strengths.strength_rank) filter (
            where monthly_strengths.month_date is not null
        ) as best_rank
    from judgement.monthly_strengths
    cross join raw.settings
    group by monthly_strengths.owner_id, monthly_strengths.person_id
)

select
    counted.*,
    taken.strength,
    taken.strength_quarter_ago,
    taken.strength_rank,
    raw.layer_size(taken.strength_rank) as layer_size,
    if(layer_size <= 150, 'closest ' || layer_size, 'beyond') as layer,
    raw.layer_size(taken.best_rank) as best_layer_size,
    case
        when coalesce(taken.strength_quarter_ago, 0) = 0 then 'new'
        when taken.strength / taken.strength_quarter_ago > 1.25::double then 'warming'
        when taken.strength / taken.strength_quarter_ago < 0.8::double then 'cooling'
        else 'steady'
    end as trend
from counted
inner join taken using (owner_id, person_id)
