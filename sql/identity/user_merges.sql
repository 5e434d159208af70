-- One row per record that the user merged with another: what the user alone has made one.
-- key: record_id
-- record_id: the record
-- merge_id: the least record_id that it was merged with, directly or by way of others
with recursive arcs as (
    select
        decided_pairs.record_a as from_id,
        decided_pairs.record_b as to_id
    from identity.decided_pairs
    where decided_pairs.verb = 'merge'
    union all
    select
        decided_pairs.record_b as from_id,
        decided_pairs.record_a as to_id
    from identity.decided_pairs
    where decided_pairs.verb = 'merge'
),

walks as (
    select
        arcs.from_id as record_id,
        arcs.from_id as merge_id
    from arcs
    union
    select
        arcs.to_id as record_id,
        walks.merge_id
    from walks
    inner join arcs on walks.record_id = arcs.from_id
)

select
    walks.record_id,
    min(walks.merge_id) as merge_id
from walks
group by walks.record_id
