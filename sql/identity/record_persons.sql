-- One row per record of a human or an organization: which person it belongs to.
-- key: record_id
-- record_id: the card, or the attendee's address; tombstones included
-- person_id: the least record_id of the person
with clustered as (
    select
        entries.record_id,
        coalesce(clusters.cluster_id, entries.entry_id) as cluster_id,
        user_merges.merge_id
    from identity.entries
    left join identity.clusters on entries.entry_id = clusters.record_id
    left join identity.user_merges on entries.record_id = user_merges.record_id
),

-- What the user merged joins whole clusters, whatever their names.
arcs as ( -- noqa: ST03
    select distinct
        one.cluster_id as one,
        other.cluster_id as other
    from clustered as one
    inner join clustered as other
        on one.merge_id = other.merge_id and one.cluster_id <> other.cluster_id
)

select
    clustered.record_id,
    coalesce(reached.least_id, clustered.cluster_id) as person_id
from clustered
left join raw.least_reached('arcs') as reached on clustered.cluster_id = reached.id
