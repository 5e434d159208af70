-- One row per owner and person ever in touch: the layer now, the best ever, and where it is going.
-- key: owner_id, person_id
-- owner_id: the owner
-- person_id: the other
-- layer: closest 5, closest 15, closest 50, closest 150 or beyond
-- layer_size: 5, 15, 50, 150; a million for beyond
-- best_layer_size: the best at the end of any month
-- trend: new, warming, steady or cooling: strength now against a quarter ago
with best as (
    select
        months.owner_id,
        months.person_id,
        min(months.strength_rank) as best_rank
    from judgement.months
    group by
        months.owner_id,
        months.person_id
),

ranked as (
    select
        strengths.owner_id,
        strengths.person_id,
        strengths.strength_rank,
        least(coalesce(best.best_rank, 1000000), strengths.strength_rank) as best_rank,
        strengths.strength / nullif(strengths.strength_quarter_ago, 0) as change
    from judgement.strengths
    left join best
        on
            strengths.owner_id = best.owner_id
            and strengths.person_id = best.person_id
)

select
    ranked.owner_id,
    ranked.person_id,
    case
        when ranked.strength_rank <= 5 then 'closest 5'
        when ranked.strength_rank <= 15 then 'closest 15'
        when ranked.strength_rank <= 50 then 'closest 50'
        when ranked.strength_rank <= 150 then 'closest 150'
        else 'beyond'
    end as layer,
    case
        when ranked.strength_rank <= 5 then 5
        when ranked.strength_rank <= 15 then 15
        when ranked.strength_rank <= 50 then 50
        when ranked.strength_rank <= 150 then 150
        else 1000000
    end as layer_size,
    case
        when ranked.best_rank <= 5 then 5
        when ranked.best_rank <= 15 then 15
        when ranked.best_rank <= 50 then 50
        when ranked.best_rank <= 150 then 150
        else 1000000
    end as best_layer_size,
    case
        when ranked.change is null then 'new'
        when ranked.change > 1.25::double then 'warming'
        when ranked.change < 0.8::double then 'cooling'
        else 'steady'
    end as trend
from ranked
