-- One row per record of a human or an organization: which person it belongs to.
-- key: record_id
-- record_id: the card, or the attendee's address; tombstones included
-- person_id: the least record_id of the person
with recursive clustered as (
    select
        entries.record_id,
        coalesce(clusters.cluster_id, entries.entry_id) as cluster_id,
        user_merges.merge_id
    from identity.entries
    left join identity.clusters on entries.entry_id = clusters.record_id
    left join identity.user_merges on entries.record_id = user_merges.record_id
),

-- What the user merged joins whole clusters, whatever their names.
arcs as (
    select distinct
        one.cluster_id as from_id,
        other.cluster_id as to_id
    from clustered as one
    inner join clustered as other
        on one.merge_id = other.merge_id and one.cluster_id <> other.cluster_id
),

walks as (
    select
        arcs.from_id as cluster_id,
        arcs.from_id as person_id
    from arcs
    union
    select
        arcs.to_id as cluster_id,
        walks.person_id
    from walks
    inner join arcs on walks.cluster_id = arcs.from_id
),

reached as (
    select
        walks.cluster_id,
        min(walks.person_id) as person_id
    from walks
    group by walks.cluster_id
)

select
    clustered.record_id,
    coalesce(reached.person_id, clustered.cluster_id) as person_id
from clustered
left join reached on clustered.cluster_id = reached.cluster_id
