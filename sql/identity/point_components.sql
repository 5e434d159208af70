-- One row per record: the records it shares personal points with, before names are looked at.
-- key: record_id
-- record_id: the record
-- component_id: the least record_id that it can be reached from
with recursive arcs as (
    select
        point_links.record_a as from_id,
        point_links.record_b as to_id
    from identity.point_links
    inner join raw.settings on point_links.confidence >= settings.merge_threshold
    union all
    select
        point_links.record_b as from_id,
        point_links.record_a as to_id
    from identity.point_links
    inner join raw.settings on point_links.confidence >= settings.merge_threshold
),

-- Walk from those that no neighbour undercuts: all others are reached from one of them.
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
),

reached as (
    select
        walks.record_id,
        min(walks.component_id) as component_id
    from walks
    group by walks.record_id
),

records as (
    select names.record_id from identity.entry_names as names
    union
    select facts.record_id from identity.entry_facts as facts
)

select
    records.record_id,
    coalesce(reached.component_id, records.record_id) as component_id
from records
left join reached on records.record_id = reached.record_id
