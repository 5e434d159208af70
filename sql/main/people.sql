-- One row per owner and person, organization or service that any card or meeting names.
-- key: owner_id, person_id
-- owner_id: whose book
-- person_id: the person; it stays the same when cards come and go
-- display_name: what to call them
-- kind: person, organization or service; only persons have ties
-- kind_reason: why it is no human; of a human only where something else speaks against it
-- organization: where they work
-- city: where they live or work
-- birthday: year, month and day, each null where unknown
-- emails: their addresses, best first
-- phones: their numbers, best first
-- categories: the categories and groups of their cards
-- circles: the circles they are in
-- n_cards: how many live cards name them
-- is_owner: the owner themselves
-- is_colleague: has an address in one of the owner's own domains
-- is_deceased_hint: a card says that they died: nothing is suggested for them
-- is_muted: the user wants no tasks for them
-- has_card: a live card names them
-- is_import_only: known from imported files alone
-- first_seen_at: when kithbook first saw them
with counted as (
    select
        record_persons.person_id,
        count(*) as n_cards
    from staging.cards
    inner join identity.record_persons on cards.record_id = record_persons.record_id
    where not cards.is_gone
    group by record_persons.person_id
)

select
    persons.owner_id,
    persons.person_id,
    persons.display_name,
    persons.kind,
    persons.kind_reason,
    persons.organization,
    persons.city,
    persons.birthday,
    persons.emails,
    persons.phones,
    persons.categories,
    coalesce(circle_wishes.circles, []) as circles,
    coalesce(counted.n_cards, 0) as n_cards,
    persons.is_owner,
    persons.is_colleague,
    persons.is_deceased_hint,
    persons.is_muted,
    persons.has_card,
    persons.is_import_only,
    persons.first_seen_at
from identity.persons
left join judgement.circle_wishes using (owner_id, person_id)
left join counted on persons.person_id = counted.person_id
where not persons.is_resting
