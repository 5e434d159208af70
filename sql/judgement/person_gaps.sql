-- One row per owner and person with at least one gap that teaches something.
-- owner_id: the owner
-- person_id: the other
-- n_gaps: gaps that count
-- sum_ln_gap: the sum of their logarithms
-- mean_ln_gap: the mean of them
-- within_ss: the sum of squares around that mean
with gaps as (
    select * from history.gaps
),

final as (
    select
        gaps.owner_id,
        gaps.person_id,
        count(*) as n_gaps,
        sum(ln(gaps.gap_days)) as sum_ln_gap,
        sum(ln(gaps.gap_days)) / count(*) as mean_ln_gap,
        var_pop(ln(gaps.gap_days)) * count(*) as within_ss
    from gaps
    where gaps.ignored_reason is null
    group by
        gaps.owner_id,
        gaps.person_id
)

select * from final
