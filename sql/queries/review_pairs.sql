-- Pairs that may be one human: the likeliest first, in steps of a twentieth; of those equally
-- likely, whom you are closest to. What was answered since the last build stands in the file of
-- decisions, not in this table yet.
-- on: book
select
    merge_candidates.person_id,
    merge_candidates.other_id,
    merge_candidates.person_name,
    merge_candidates.other_name,
    merge_candidates.confidence,
    merge_candidates.reason
from main.merge_candidates
left join main.ties as ones on merge_candidates.person_id = ones.person_id
left join main.ties as others on merge_candidates.other_id = others.person_id
order by
    floor(merge_candidates.confidence * 20) desc,
    least(ones.strength_rank, others.strength_rank) asc nulls last,
    merge_candidates.confidence desc,
    merge_candidates.person_id asc,
    merge_candidates.other_id asc
