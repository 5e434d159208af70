-- One row per owner and person with at least one gap that teaches something.
-- key: owner_id, person_id
-- owner_id: the owner
-- person_id: the other
-- n_gaps: gaps that count
-- median_gap: the gap that half of them stay within, in days
-- sum_ln_gap: the sum of their logarithms
-- mean_ln_gap: the mean of them
-- within_ss: the sum of squares around that mean
with gaps as (
    select * from history.gaps
),

-- Decimals add up to the same sum in any order, whatever threads there are; doubles do not.
summed as (
    select
        gaps.owner_id,
        gaps.person_id,
        count(*) as n_gaps,
        median(gaps.gap_days)::double as median_gap,
        sum(ln(gaps.gap_days)::decimal(38, 20))::double as sum_ln_gap,
        sum((ln(gaps.gap_days) * ln(gaps.gap_days))::decimal(38, 20))::double as sum_squares
    from gaps
    where gaps.ignored_reason is null
    group by
        gaps.owner_id,
        gaps.person_id
),

final as (
    select
        summed.owner_id,
        summed.person_id,
        summed.n_gaps,
        summed.median_gap,
        summed.sum_ln_gap,
        summed.sum_ln_gap / summed.n_gaps as mean_ln_gap,
        greatest(
            summed.sum_squares - summed.sum_ln_gap * summed.sum_ln_gap / summed.n_gaps, 0
        ) as within_ss
    from summed
)

select * from final
