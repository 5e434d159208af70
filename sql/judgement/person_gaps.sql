-- One row per owner and person with at least one gap of their own: what their gaps teach.
-- key: owner_id, person_id
-- owner_id: the owner
-- person_id: the other
-- n_own_gaps: gaps of their own, the long ones too; not those that our own task or the end of a
-- series made
-- median_gap: the gap that half of those stay within, in days
-- n_gaps: those of them that count for judging, up to cadence_max_gap_days
-- sum_ln_gap: the sum of the logarithms of the ones that count
-- mean_ln_gap: the mean of them
-- within_ss: the sum of squares around that mean
with gaps as (
    select
        *,
        ignored_reason is null as is_learned
    from history.gaps
    where coalesce(ignored_reason, 'too_long') = 'too_long'
),

-- Decimals add up to the same sum in any order, whatever threads there are; doubles do not.
summed as (
    select
        gaps.owner_id,
        gaps.person_id,
        count(*) as n_own_gaps,
        median(gaps.gap_days)::double as median_gap,
        count(*) filter (where gaps.is_learned) as n_gaps,
        sum(ln(gaps.gap_days)::decimal(38, 20)) filter (where gaps.is_learned)::double
            as sum_ln_gap,
        sum((ln(gaps.gap_days) ** 2)::decimal(38, 20)) filter (where gaps.is_learned)::double
            as sum_squares
    from gaps
    group by gaps.owner_id, gaps.person_id
)

select
    summed.owner_id,
    summed.person_id,
    summed.n_own_gaps,
    summed.median_gap,
    summed.n_gaps,
    summed.sum_ln_gap,
    summed.sum_ln_gap / summed.n_gaps as mean_ln_gap,
    greatest(
        summed.sum_squares - summed.sum_ln_gap * summed.sum_ln_gap / summed.n_gaps, 0
    ) as within_ss
from summed
