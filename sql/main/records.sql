-- One row per card or invited address: whose it is, and why. Nobody at rest.
-- key: owner_id, record_id
-- owner_id: whose book
-- record_id: the card, or the attendee's address
-- person_id: the person
-- display_name: their name
-- kind: card or address
-- source: where the card stands; null for an address, which meetings name
-- collection: the address book in that source
-- record_keys: what decisions.jsonl calls it
-- names: every name it is known by
-- is_gone: the source no longer has this card
-- linked_id: the record that the reason speaks of, null for the first and those that stand alone
-- why: why it belongs to the person
select
    people.owner_id,
    record_persons.record_id,
    record_persons.person_id,
    people.display_name,
    record_persons.kind,
    record_persons.source,
    record_persons.collection,
    record_persons.record_keys,
    record_persons.names,
    record_persons.is_gone,
    record_persons.linked_id,
    record_persons.reason as why
from identity.record_persons
inner join main.people using (person_id)
