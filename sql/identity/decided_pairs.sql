-- One row per pair of records that the user joined or parted: the newest word counts.
-- key: record_a, record_b
-- verb: merge, split or never_same
-- parted_id: for split, the record that leaves
with pairs as (
    select
        least(decisions.person_id, decisions.other_id) as record_a,
        greatest(decisions.person_id, decisions.other_id) as record_b,
        decisions.verb,
        case when decisions.verb = 'split' then decisions.person_id end as parted_id,
        decisions.decided_at,
        decisions.decision_id
    from staging.decisions
    where
        decisions.verb in ('merge', 'split', 'never_same')
        and decisions.person_id is not null
        and decisions.other_id is not null
        and decisions.person_id <> decisions.other_id
)

select
    pairs.record_a,
    pairs.record_b,
    pairs.verb,
    pairs.parted_id,
    pairs.decided_at
from pairs
qualify row_number() over (
    partition by pairs.record_a, pairs.record_b
    order by pairs.decided_at desc, pairs.decision_id desc
) = 1
