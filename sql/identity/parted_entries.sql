-- One row per pair of entries that the user parted: never the same, or one split from the other.
-- key: record_a, record_b
-- parted_id: for a split the entry that leaves, null for "never the same"
with said as ( -- noqa: ST03
    select
        decided_pairs.record_a as one,
        decided_pairs.record_b as other,
        decided_pairs.parted_id
    from identity.decided_pairs
    where decided_pairs.verb <> 'merge'
),

-- Who is parted from one record is parted from all that the user merged with it.
widened as (
    select *
    from raw.both_ways('said')
    union
    select
        both_ways.one,
        others.record_id as other,
        both_ways.parted_id
    from raw.both_ways('said') as both_ways
    inner join identity.record_entries as merged on both_ways.other = merged.record_id
    inner join identity.record_entries as others using (merge_id)
    inner join identity.record_entries as own on both_ways.one = own.record_id
    where own.merge_id is distinct from merged.merge_id
),

-- What is said of a card is said of its copies.
entered as (
    select
        one.entry_id as one,
        other.entry_id as other,
        parted.entry_id as parted_id
    from widened
    inner join identity.record_entries as one on widened.one = one.record_id
    inner join identity.record_entries as other on widened.other = other.record_id
    left join identity.record_entries as parted on widened.parted_id = parted.record_id
)

select
    least(entered.one, entered.other) as record_a,
    greatest(entered.one, entered.other) as record_b,
    max(entered.parted_id) as parted_id
from entered
where entered.one <> entered.other
group by 1, 2
