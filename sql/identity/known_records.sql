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
)

select
    record_reasons.record_id,
    record_reasons.person_id,
    case record_ids.kind when 'email' then 'address' else 'card' end as kind,
    cards.source,
    cards.collection,
    record_ids.record_keys,
    coalesce(names_of.names, []) as names,
    coalesce(cards.is_gone, false) as is_gone,
    record_reasons.linked_id,
    record_reasons.reason
from identity.record_reasons
inner join staging.record_ids using (record_id)
left join names_of using (record_id)
left join staging.cards using (record_id)
