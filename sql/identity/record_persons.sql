-- One row per card or invited address: which person it belongs to and why, and by which names and
-- words it is found.
-- key: record_id
-- record_id: the card, or the attendee's address; tombstones included
-- person_id: the least record_id of the person
-- kind: card or address
-- record_keys: what decisions.jsonl calls it
-- names: every name it is known by
-- place: a card's place among its person's, from 1; null for an address. Of values that differ the
-- first card's count: live cards before those that are gone, then what was known first, but of
-- copies the newest before the others
-- linked_id: the record that the reason speaks of, null for the first and those that stand alone
with clustered as (
    select
        record_entries.record_id,
        coalesce(clusters.cluster_id, record_entries.entry_id) as cluster_id,
        record_entries.merge_id
    from identity.record_entries
    left join identity.clusters on record_entries.entry_id = clusters.record_id
),

-- What the user merged joins whole clusters, whatever their names.
merged_pairs as ( -- noqa: ST03
    select distinct
        one.cluster_id as one,
        other.cluster_id as other
    from clustered as one
    inner join clustered as other
        on one.merge_id = other.merge_id and one.cluster_id <> other.cluster_id
),

owned as (
    select
        clustered.record_id,
        coalesce(reached.least_id, clustered.cluster_id) as person_id
    from clustered
    left join raw.least_reached('merged_pairs') as reached on clustered.cluster_id = reached.id
),

called as (
    select
        cards.record_id,
        unnest(list_append(cards.nicknames, cards.full_name)) as name
    from staging.cards
    union
    select
        invited_addresses.record_id,
        unnest(invited_addresses.names) as name
    from staging.invited_addresses
    union
    select
        names.record_id,
        array_to_string(names.words, ' ') as name
    from identity.names
),

names_of as (
    select
        called.record_id,
        list(called.name order by called.name) as names
    from called
    where called.name is not null
    group by called.record_id
),

-- A card whose UID changed is one record still, of several keys.
numbered as (
    select
        record_ids.record_id,
        min(record_ids.kind) as kind,
        list(
            raw.record_key(
                record_ids.kind, record_ids.source, record_ids.collection, record_ids."key"
            )
            order by record_ids.kind, record_ids.source, record_ids.collection, record_ids."key"
        ) as record_keys
    from raw.record_ids
    group by record_ids.record_id
),

-- "contacts.vcf" for an import or a file of a folder, "home" for an account.
stood as (
    select
        cards.record_id,
        coalesce(card_traits.in_file, regexp_replace(cards.source, '^import/', '')) as place
    from staging.cards
    inner join identity.card_traits using (record_id)
),

-- Each copy speaks of an earlier one, or of one that does.
copied as (
    select
        copied_cards.record_id,
        copied_cards.copy_of_id as linked_id,
        copied_cards.reason,
        1.5 + copied_cards.strength / 10.0 as confidence
    from identity.copied_cards
    union all
    select
        copied_cards.copy_of_id as record_id,
        copied_cards.record_id as linked_id,
        copied_cards.reason,
        1.0 + copied_cards.strength / 10.0 as confidence
    from identity.copied_cards
    union all
    select
        record_entries.record_id,
        record_entries.entry_id as linked_id,
        null as reason,
        1.0 as confidence
    from identity.record_entries
),

copy_links as (
    select
        copied.record_id,
        copied.linked_id,
        'copy of the card in ' || stood.place || coalesce(': ' || copied.reason, '') as reason,
        copied.confidence::double as confidence
    from copied
    inner join identity.record_entries on copied.record_id = record_entries.record_id
    inner join identity.record_entries as linked on copied.linked_id = linked.record_id
    inner join stood on copied.linked_id = stood.record_id
    where
        copied.record_id <> copied.linked_id
        and copied.record_id <> record_entries.entry_id
        and record_entries.entry_id = linked.entry_id
),

pairs as ( -- noqa: ST03
    select
        links.record_a as one,
        links.record_b as other,
        links.reason,
        links.confidence
    from identity.links
),

all_links as (
    select
        both_ways.one as record_id,
        both_ways.other as linked_id,
        both_ways.reason,
        both_ways.confidence
    from raw.both_ways('pairs') as both_ways
    union all
    select
        record_entries.record_id,
        record_entries.merge_id as linked_id,
        'you merged them' as reason,
        2.0::double as confidence
    from identity.record_entries
    where record_entries.record_id <> record_entries.merge_id
    union all
    select * from copy_links
),

-- Its surest link to another record of its person says why it belongs to them.
surest as (
    select
        all_links.record_id,
        all_links.linked_id,
        all_links.reason
    from all_links
    cross join raw.settings
    inner join owned as own using (record_id)
    inner join owned as other
        on all_links.linked_id = other.record_id and own.person_id = other.person_id
    where all_links.record_id <> own.person_id and all_links.confidence >= settings.merge_threshold
    qualify row_number() over (
        partition by all_links.record_id
        order by all_links.confidence desc, all_links.linked_id asc
    ) = 1
),

-- Of what came in one run the sources' names decide: which of two sources brought its cards first,
-- and so has the lesser numbers, is chance.
placed as (
    select
        cards.record_id,
        row_number() over (
            partition by owned.person_id
            order by
                cards.is_gone asc,
                first_cards.first_seen_at asc,
                first_cards.source asc,
                first_cards.collection asc,
                record_entries.entry_id asc,
                record_entries.place asc
        ) as place
    from staging.cards
    inner join owned using (record_id)
    inner join identity.record_entries using (record_id)
    left join staging.cards as first_cards on record_entries.entry_id = first_cards.record_id
)

select
    owned.record_id,
    owned.person_id,
    case numbered.kind when 'email' then 'address' else 'card' end as kind,
    cards.source,
    cards.collection,
    numbered.record_keys,
    coalesce(names_of.names, []) as names,
    coalesce(cards.is_gone, false) as is_gone,
    placed.place,
    surest.linked_id,
    case
        when surest.reason is not null then surest.reason
        when owned.record_id = owned.person_id then 'seen first'
        else 'came with what you merged'
    end as reason
from owned
left join surest using (record_id)
left join numbered using (record_id)
left join names_of using (record_id)
left join placed using (record_id)
left join staging.cards using (record_id)
