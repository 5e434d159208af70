-- How the answers given in `choose` agree with the ranks: one row. Each answer stands beside the
-- rank at the end of the month before it, so that no reminder that followed has a part in it.
-- kept: people to keep in touch with, or in touch anyway; put_off: not now, or never
-- pairs: of one kept and one put off; agreed: those in which the kept one ranked higher
-- on: layers
with
answers as (
    select
        person_decisions.person_id,
        person_decisions.choice in ('keep', 'in_touch') as is_kept,
        coalesce(monthly_strengths.strength_rank, 1000000) as strength_rank
    from judgement.person_decisions
    left join judgement.monthly_strengths
        on
            person_decisions.owner_id = monthly_strengths.owner_id
            and person_decisions.person_id = monthly_strengths.person_id
            and monthly_strengths.month_date
            = date_trunc('month', person_decisions.choice_date) - interval 1 month
    where person_decisions.choice in ('keep', 'in_touch', 'not_now', 'never')
),

counted as (
    select
        count(*) filter (where answers.is_kept) as kept,
        count(*) filter (where not answers.is_kept) as put_off
    from answers
),

pairs as (
    select
        case
            when ones.strength_rank < others.strength_rank then 1
            when ones.strength_rank = others.strength_rank then 0.5::double
            else 0
        end as agreement
    from answers as ones
    inner join answers as others on ones.is_kept and not others.is_kept
)

select
    any_value(counted.kept) as kept,
    any_value(counted.put_off) as put_off,
    count(pairs.agreement) as pairs,
    coalesce(sum(pairs.agreement), 0) as agreed
from counted
left join pairs on true
