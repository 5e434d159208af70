-- One row per pair of records that the user parted: never the same, or one split from the other.
-- key: record_a, record_b
-- record_a: the lesser record_id
-- record_b: the greater record_id
-- parted_id: for a split the record that leaves, null for "never the same"
with decided_pairs as (
    select * from identity.decided_pairs
),

user_merges as (
    select * from identity.user_merges
),

said as (
    select
        decided_pairs.record_a,
        decided_pairs.record_b,
        decided_pairs.parted_id
    from decided_pairs
    where decided_pairs.verb <> 'merge'
),

-- Who is parted from one record is parted from all that the user merged with it.
both_ways as (
    select
        said.record_a as one,
        said.record_b as other,
        said.parted_id
    from said
    union all
    select
        said.record_b as one,
        said.record_a as other,
        said.parted_id
    from said
),

widened as (
    select
        both_ways.one,
        both_ways.other,
        both_ways.parted_id
    from both_ways
    union
    select
        both_ways.one,
        others.record_id as other,
        both_ways.parted_id
    from both_ways
    inner join user_merges on both_ways.other = user_merges.record_id
    inner join user_merges as others on user_merges.merge_id = others.merge_id
    left join user_merges as own on both_ways.one = own.record_id
    where own.merge_id is distinct from user_merges.merge_id
),

final as (
    select
        least(widened.one, widened.other) as record_a,
        greatest(widened.one, widened.other) as record_b,
        max(widened.parted_id) as parted_id
    from widened
    where widened.one <> widened.other
    group by 1, 2
)

select * from final
