-- One row per record that is joined to another: what it would be part of if nothing were refused.
-- key: record_id
-- record_id: the record
-- component_id: the least record_id that it can be reached from
with recursive arcs as (
    select
        edges.record_a as from_id,
        edges.record_b as to_id
    from identity.edges
    union
    select
        edges.record_b as from_id,
        edges.record_a as to_id
    from identity.edges
),

-- Walk down only: a record starts a walk only if no neighbour is less than it.
starts as (
    select arcs.from_id as record_id
    from arcs
    group by arcs.from_id
    having min(arcs.to_id) > arcs.from_id
),

walks as (
    select
        starts.record_id,
        starts.record_id as component_id
    from starts
    union
    select
        arcs.to_id as record_id,
        walks.component_id
    from walks
    inner join arcs on walks.record_id = arcs.from_id
)

select
    walks.record_id,
    min(walks.component_id) as component_id
from walks
group by walks.record_id
