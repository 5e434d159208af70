-- One row per record: the entry that it is with its copies, the newest of them first.
-- key: record_id
-- entry_id: the least record_id of its copies; its own where it has none
-- place: 1 for the one whose values stand first, by REV, else by the day that its version came
-- merge_id: the least record_id that the user merged it with, directly or by way of others
--
-- From here on one entry is compared as one card would be. What the user split leaves its copies of
-- that day; what comes later follows the card that it is a copy of.
with copy_pairs as ( -- noqa: ST03
    select
        copied_cards.record_id as one,
        copied_cards.copy_of_id as other
    from identity.copied_cards
),

grouped as (
    select
        reached.id as record_id,
        reached.least_id as group_id
    from raw.least_reached('copy_pairs') as reached
),

merged_pairs as ( -- noqa: ST03
    select
        decided_pairs.record_a as one,
        decided_pairs.record_b as other
    from identity.decided_pairs
    where decided_pairs.verb = 'merge'
),

parted as (
    select
        decided_pairs.record_a,
        decided_pairs.record_b,
        -- of two that are never the same the later leaves
        coalesce(decided_pairs.parted_id, decided_pairs.record_b) as leaver_id,
        decided_pairs.parted_id is not null as is_split,
        decided_pairs.decided_at
    from identity.decided_pairs
    where decided_pairs.verb <> 'merge'
),

leaving as (
    select
        parted.leaver_id as record_id,
        min(
            case parted.leaver_id when parted.record_a then parted.record_b else parted.record_a end
        ) as left_id
    from parted
    inner join grouped as own on parted.leaver_id = own.record_id
    inner join grouped as others
        on own.group_id = others.group_id and own.record_id <> others.record_id
    inner join staging.cards on others.record_id = cards.record_id
    where
        others.record_id in (parted.record_a, parted.record_b)
        or (parted.is_split and cards.first_seen_at <= parted.decided_at)
    group by parted.leaver_id
),

records as (
    select
        card_traits.record_id,
        card_traits.said_at
    from identity.card_traits
    union all
    select
        invited_addresses.record_id,
        null::timestamptz as said_at
    from staging.invited_addresses
),

entered as (
    select
        records.record_id,
        records.said_at,
        min(records.record_id) over (
            partition by coalesce(grouped.group_id, records.record_id), leaving.left_id
        ) as entry_id
    from records
    left join grouped on records.record_id = grouped.record_id
    left join leaving on records.record_id = leaving.record_id
)

select
    entered.record_id,
    entered.entry_id,
    row_number() over (
        partition by entered.entry_id
        order by entered.said_at desc nulls last, entered.record_id asc
    ) as place,
    merged.least_id as merge_id
from entered
left join raw.least_reached('merged_pairs') as merged on entered.record_id = merged.id
