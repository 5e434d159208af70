-- Pairs that may be one human, the surest first. What was answered since the last build stands in
-- the file of decisions, not in this table yet.
-- on: book
select
    person_id,
    other_id,
    person_name,
    other_name,
    confidence,
    reason
from main.merge_candidates
order by confidence desc, person_id asc, other_id asc
