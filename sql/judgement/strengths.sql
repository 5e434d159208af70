-- One row per owner and person ever in touch: strength v1 (docs/tie-strength.md) and its parts.
-- key: owner_id, person_id
-- owner_id: the owner
-- person_id: the other
-- strength: the formula's value; shown as rank, layer and trend, never alone
-- strength_quarter_ago: the same formula 91 days ago; null for who was unknown then
-- contact_day_count: days in touch
-- active_months: spells of 30 days with at least one of them
-- first_contact_date: the first of them
-- last_contact_date: the last of them
-- one_to_one_share: how many of the days the two were alone
-- owner_share: of the days where one of the two organised, how many the owner did
-- strength_rank: 1 is the strongest
-- layer: closest 5, closest 15, closest 50, closest 150 or beyond
-- layer_size: 5, 15, 50, 150; a million for beyond
-- best_layer_size: the best at the end of any month
-- trend: new, warming, steady or cooling: strength now against a quarter ago
with settings as (
    select
        datediff('day', date '1970-01-01', as_of_date) as today,
        strength_offset_days,
        active_month_days
    from raw.settings
),

spells as (
    select
        contact_days.owner_id,
        contact_days.person_id,
        contact_days.epoch_day // settings.active_month_days as spell,
        -- Decimals add up to the same sum in any order, whatever threads there are; doubles do not.
        sum((
            contact_days.weight
            / (settings.strength_offset_days + (settings.today - contact_days.epoch_day))
        )::decimal(38, 20)) as warmth,
        sum((
            contact_days.weight
            / (settings.strength_offset_days + (settings.today - 91 - contact_days.epoch_day))
        )::decimal(38, 20)) filter (where contact_days.epoch_day <= settings.today - 91)
            as warmth_then,
        count(*) as days,
        min(contact_days.contact_date) as first_date,
        max(contact_days.contact_date) as last_date,
        count(*) filter (where contact_days.is_one_to_one) as one_to_one_days,
        count(*) filter (where contact_days.is_initiated) as owner_days,
        count(*) filter (
            where contact_days.is_initiated or contact_days.is_answered
        ) as organised_days
    from history.contact_days
    cross join settings
    group by
        contact_days.owner_id,
        contact_days.person_id,
        contact_days.epoch_day // settings.active_month_days
),

summed as (
    select
        spells.owner_id,
        spells.person_id,
        ln(1 + count(*)) * sum(spells.warmth)::double as strength,
        ln(1 + count(spells.warmth_then)) * sum(spells.warmth_then)::double as strength_quarter_ago,
        sum(spells.days)::bigint as contact_day_count,
        count(*) as active_months,
        min(spells.first_date) as first_contact_date,
        max(spells.last_date) as last_contact_date,
        sum(spells.one_to_one_days) / sum(spells.days)::double as one_to_one_share,
        sum(spells.owner_days) / nullif(sum(spells.organised_days), 0)::double as owner_share
    from spells
    group by spells.owner_id, spells.person_id
),

best as (
    select
        ties_by_month.owner_id,
        ties_by_month.person_id,
        min(ties_by_month.strength_rank) as best_rank
    from main.ties_by_month
    group by ties_by_month.owner_id, ties_by_month.person_id
),

ranked as (
    select
        summed.*,
        row_number() over (
            partition by summed.owner_id
            order by summed.strength desc, summed.person_id asc
        ) as strength_rank
    from summed
)

select
    ranked.*,
    case
        when ranked.strength_rank <= 5 then 'closest 5'
        when ranked.strength_rank <= 15 then 'closest 15'
        when ranked.strength_rank <= 50 then 'closest 50'
        when ranked.strength_rank <= 150 then 'closest 150'
        else 'beyond'
    end as layer,
    raw.layer_size(ranked.strength_rank) as layer_size,
    raw.layer_size(
        least(coalesce(best.best_rank, 1000000), ranked.strength_rank)
    ) as best_layer_size,
    case
        when coalesce(ranked.strength_quarter_ago, 0) = 0 then 'new'
        when ranked.strength / ranked.strength_quarter_ago > 1.25::double then 'warming'
        when ranked.strength / ranked.strength_quarter_ago < 0.8::double then 'cooling'
        else 'steady'
    end as trend
from ranked
left join best using (owner_id, person_id)
