-- One row per pair of people who may be one human and wait for the user's word, likeliest first.
-- key: person_id, other_id
-- person_id: the lesser person
-- other_id: the greater person
-- person_name: what the first is called
-- other_name: what the second is called
-- confidence: how sure, 0 to 1
-- reason: what speaks for it, in words
with refused as (
    select distinct
        least(one.person_id, other.person_id) as person_id,
        greatest(one.person_id, other.person_id) as other_id
    from identity.decided_pairs as decided
    inner join identity.record_persons as one on decided.record_a = one.record_id
    inner join identity.record_persons as other on decided.record_b = other.record_id
    where decided.verb <> 'merge'
),

pairs as (
    select
        least(one.person_id, other.person_id) as person_id,
        greatest(one.person_id, other.person_id) as other_id,
        max(links.confidence) as confidence,
        arg_max(links.reason, row(links.confidence, links.reason)) as reason
    from identity.links
    inner join identity.record_persons as one on links.record_a = one.record_id
    inner join identity.record_persons as other on links.record_b = other.record_id
    where one.person_id <> other.person_id
    group by least(one.person_id, other.person_id), greatest(one.person_id, other.person_id)
)

select
    pairs.person_id,
    pairs.other_id,
    one.display_name as person_name,
    other.display_name as other_name,
    pairs.confidence,
    pairs.reason
from pairs
anti join refused using (person_id, other_id)
inner join identity.persons as one on pairs.person_id = one.person_id and not one.is_resting
inner join identity.persons as other on pairs.other_id = other.person_id and not other.is_resting
order by pairs.confidence desc, pairs.person_id asc, pairs.other_id asc
