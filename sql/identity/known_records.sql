-- One row per card or invited address: whose it is, why, and by which names and words it is found.
-- key: record_id
-- record_id: the card, or the attendee's address
-- person_id: the person
-- kind: card or address
-- source: where the card stands
-- collection: the address book in that source
-- record_keys: what decisions.jsonl calls it
-- names: every name it is known by
-- is_gone: the source no longer has this card
-- linked_id: the record that the reason speaks of, null for the first and those that stand alone
-- reason: why it is theirs, in words
with called as (
    select
        cards.record_id,
        unnest(list_append(cards.nicknames, cards.full_name)) as name
    from staging.cards
    union
    select
        attendees.record_id,
        unnest(attendees.names) as name
    from staging.attendees
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
        coalesce(card_versions.file, regexp_replace(cards.source, '^import/', '')) as place
    from staging.cards
    left join staging.card_versions on cards.item_id = card_versions.item_id
),

-- Each copy speaks of an earlier one, or of one that does.
copied as (
    select
        copies.record_id,
        copies.copy_of_id as linked_id,
        copies.reason,
        1.5 + copies.strength / 10.0 as confidence
    from identity.copies
    union all
    select
        copies.copy_of_id as record_id,
        copies.record_id as linked_id,
        copies.reason,
        1.0 + copies.strength / 10.0 as confidence
    from identity.copies
    union all
    select
        entries.record_id,
        entries.entry_id as linked_id,
        null as reason,
        1.0 as confidence
    from identity.entries
),

copy_links as (
    select
        copied.record_id,
        copied.linked_id,
        'copy of the card in ' || stood.place || coalesce(': ' || copied.reason, '') as reason,
        copied.confidence::double as confidence
    from copied
    inner join identity.entries on copied.record_id = entries.record_id
    inner join identity.entries as linked on copied.linked_id = linked.record_id
    inner join stood on copied.linked_id = stood.record_id
    where
        copied.record_id <> copied.linked_id
        and copied.record_id <> entries.entry_id
        and entries.entry_id = linked.entry_id
),

both_ways as (
    select
        links.record_a as record_id,
        links.record_b as linked_id,
        links.reason,
        links.confidence
    from identity.links
    union all
    select
        links.record_b as record_id,
        links.record_a as linked_id,
        links.reason,
        links.confidence
    from identity.links
    union all
    select
        user_merges.record_id,
        user_merges.merge_id as linked_id,
        'you merged them' as reason,
        2.0::double as confidence
    from identity.user_merges
    where user_merges.record_id <> user_merges.merge_id
    union all
    select * from copy_links
),

-- Its surest link to another record of its person says why it belongs to them.
surest as (
    select
        both_ways.record_id,
        both_ways.linked_id,
        both_ways.reason
    from both_ways
    cross join raw.settings
    inner join identity.record_persons as own using (record_id)
    inner join identity.record_persons as other
        on both_ways.linked_id = other.record_id and own.person_id = other.person_id
    where
        both_ways.record_id <> own.person_id
        and both_ways.confidence >= settings.merge_threshold
    qualify row_number() over (
        partition by both_ways.record_id
        order by both_ways.confidence desc, both_ways.linked_id asc
    ) = 1
)

select
    record_persons.record_id,
    record_persons.person_id,
    case numbered.kind when 'email' then 'address' else 'card' end as kind,
    cards.source,
    cards.collection,
    numbered.record_keys,
    coalesce(names_of.names, []) as names,
    coalesce(cards.is_gone, false) as is_gone,
    surest.linked_id,
    case
        when surest.reason is not null then surest.reason
        when record_persons.record_id = record_persons.person_id then 'seen first'
        else 'came with what you merged'
    end as reason
from identity.record_persons
left join surest using (record_id)
left join numbered using (record_id)
left join names_of using (record_id)
left join staging.cards using (record_id)
