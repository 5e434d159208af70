-- One row per record: why it belongs to its person, by its surest link to another record of theirs.
-- key: record_id
-- record_id: the card, or the attendee's address
-- person_id: the person
-- linked_id: the record that the reason speaks of, null for the first and those that stand alone
-- reason: why, in words

-- "contacts.vcf" for an import or a file of a folder, "home" for an account.
with stood as (
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

within as (
    select
        both_ways.record_id,
        own.person_id,
        both_ways.linked_id,
        both_ways.reason
    from both_ways
    cross join raw.settings
    inner join identity.record_persons as own on both_ways.record_id = own.record_id
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
    within.linked_id,
    case
        when within.reason is not null then within.reason
        when record_persons.record_id = record_persons.person_id then 'seen first'
        else 'came with what you merged'
    end as reason
from identity.record_persons
left join within on record_persons.record_id = within.record_id
