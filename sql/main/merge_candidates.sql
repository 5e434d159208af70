-- One row per pair of people who may be one human and wait for the user's word, likeliest first.
-- person_id: the lesser person
-- other_id: the greater person
-- confidence: how sure, 0 to 1
-- reason: what speaks for it, in words
with links as (
    select * from identity.links
),

decided as (
    select * from identity.decided_pairs
),

record_persons as (
    select * from identity.record_persons
),

refused as (
    select distinct
        least(one.person_id, other.person_id) as person_id,
        greatest(one.person_id, other.person_id) as other_id
    from decided
    inner join record_persons as one on decided.record_a = one.record_id
    inner join record_persons as other on decided.record_b = other.record_id
    where decided.verb <> 'merge'
),

pairs as (
    select
        least(one.person_id, other.person_id) as person_id,
        greatest(one.person_id, other.person_id) as other_id,
        max(links.confidence) as confidence,
        arg_max(links.reason, links.confidence) as reason
    from links
    inner join record_persons as one on links.record_a = one.record_id
    inner join record_persons as other on links.record_b = other.record_id
    where one.person_id <> other.person_id
    group by 1, 2
),

final as (
    select
        pairs.person_id,
        pairs.other_id,
        pairs.confidence,
        pairs.reason
    from pairs
    anti join refused
        on pairs.person_id = refused.person_id and pairs.other_id = refused.other_id
)

select * from final
order by final.confidence desc, final.person_id, final.other_id
