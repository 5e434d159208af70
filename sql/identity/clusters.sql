-- One row per record that is joined to another by what the records say; conflicts are not joined.
-- key: record_id
-- cluster_id: the least record_id of its cluster
--
-- A component with conflicts is joined link by link, the surest first; a link that would bring two
-- records of a conflict together is left to the queue, and so are both links of a record that is
-- drawn to two sides about equally.
with recursive parted as (
    select distinct parted_entries.parted_id as record_id
    from identity.parted_entries
    where parted_entries.parted_id is not null
),

vetoed as (
    select distinct conflicts.component_id from identity.conflicts
),

numbered as (
    select
        components.component_id,
        components.record_id,
        row_number() over (
            partition by components.component_id order by components.record_id
        ) as place
    from identity.components
    semi join vetoed on components.component_id = vetoed.component_id
),

joined as ( -- noqa: ST03
    select
        links.record_a as one,
        links.record_b as other,
        links.confidence
    from identity.links
    where links.is_joined
),

clashes as ( -- noqa: ST03
    select
        conflicts.record_a as one,
        conflicts.record_b as other
    from identity.conflicts
    where not conflicts.is_split
),

-- torn.one has a link to torn.other, and one about as sure to somebody whom that cannot be.
torn as (
    select distinct
        arcs.one,
        arcs.other
    from raw.both_ways('joined') as arcs
    inner join raw.both_ways('joined') as rivals
        on
            arcs.one = rivals.one
            and arcs.other <> rivals.other
            and rivals.confidence >= arcs.confidence - 0.025
    semi join raw.both_ways('clashes') as opposed
        on arcs.other = opposed.one and rivals.other = opposed.other
),

plain_edges as (
    select
        one.component_id,
        one.place as one_place,
        other.place as other_place,
        links.confidence,
        -- who was split leaves alone: the others find each other first
        one_parted.record_id is not null or other_parted.record_id is not null as is_last
    from identity.links
    inner join numbered as one on links.record_a = one.record_id
    inner join numbered as other on links.record_b = other.record_id
    anti join torn as one_torn
        on links.record_a = one_torn.one and links.record_b = one_torn.other
    anti join torn as other_torn
        on links.record_b = other_torn.one and links.record_a = other_torn.other
    left join parted as one_parted on links.record_a = one_parted.record_id
    left join parted as other_parted on links.record_b = other_parted.record_id
    where links.is_joined
),

edge_lists as (
    select
        plain_edges.component_id,
        list(
            struct_pack(one := plain_edges.one_place, other := plain_edges.other_place)
            order by
                plain_edges.is_last asc,
                plain_edges.confidence desc,
                plain_edges.one_place asc,
                plain_edges.other_place asc
        ) as edges
    from plain_edges
    group by plain_edges.component_id
    -- a tangle of that size is nobody's address book: all of it waits
    having count(*) <= 1000
),

conflict_lists as (
    select
        conflicts.component_id,
        list(
            struct_pack(one := one.place, other := other.place)
            order by one.place, other.place
        ) as conflicts
    from identity.conflicts
    inner join numbered as one on conflicts.record_a = one.record_id
    inner join numbered as other on conflicts.record_b = other.record_id
    group by conflicts.component_id
),

member_lists as (
    select
        numbered.component_id,
        list(numbered.place order by numbered.place) as labels
    from numbered
    group by numbered.component_id
),

starts as (
    select
        edge_lists.component_id,
        edge_lists.edges,
        conflict_lists.conflicts,
        member_lists.labels
    from edge_lists
    inner join conflict_lists on edge_lists.component_id = conflict_lists.component_id
    inner join member_lists on edge_lists.component_id = member_lists.component_id
),

-- One link a step: both ends get the lesser label, unless two of a conflict would then share one.
-- (The linter takes a lambda's argument for a column or a table: hence the noqa.)
steps as (
    select
        starts.component_id,
        0::bigint as step,
        starts.labels
    from starts
    union all
    select
        tried.component_id,
        tried.step + 1 as step,
        case
            when
                array_length(list_filter(
                    tried.conflicts,
                    lambda pair: tried.labels[pair.one] in (tried.a, tried.b) -- noqa: RF01
                    and tried.labels[pair.other] in (tried.a, tried.b) -- noqa: RF01
                )) > 0
                then tried.labels
            else list_transform(
                tried.labels,
                lambda label: case
                    when label in (tried.a, tried.b) -- noqa: RF02
                        then least(tried.a, tried.b)
                    else label -- noqa: RF02
                end
            )
        end as labels
    from (
        select
            steps.component_id,
            steps.step,
            steps.labels,
            starts.conflicts,
            steps.labels[starts.edges[steps.step + 1].one] as a,
            steps.labels[starts.edges[steps.step + 1].other] as b
        from steps
        inner join starts on steps.component_id = starts.component_id
        where steps.step < array_length(starts.edges)
    ) as tried -- noqa: ST05 (a recursive step has no CTE of its own)
),

finished as (
    select
        steps.component_id,
        unnest(steps.labels) as label,
        generate_subscripts(steps.labels, 1) as place
    from steps
    inner join starts
        on steps.component_id = starts.component_id and steps.step = array_length(starts.edges)
)

select
    components.record_id,
    components.component_id as cluster_id
from identity.components
anti join vetoed on components.component_id = vetoed.component_id
union all
select
    numbered.record_id,
    labelled.record_id as cluster_id
from finished
inner join numbered using (component_id, place)
inner join numbered as labelled
    on finished.component_id = labelled.component_id and finished.label = labelled.place
