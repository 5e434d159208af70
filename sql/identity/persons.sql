-- One row per owner and person, organization or service that any record names; tombstones included.
-- key: owner_id, person_id
-- owner_id: whose book
-- person_id: the least record_id of the records that are this person
-- display_name: what to call them
-- kind: person, organization or service
-- kind_reason: why it is no human; of a human only where something else speaks against it
-- is_owner: the owner themselves
-- is_colleague: has an address in one of the owner's own domains
-- is_deceased_hint: a card says that they died, and the user did not say that they live
-- is_resting: the user put them to rest, or deleted their last card and did not meet them since; or
-- they are known from nothing but a directory that is no longer read
-- is_muted: the user wants no tasks for them
-- first_seen_at: when the first of the records came
-- has_card: a live card names them
-- is_import_only: known from imported files alone
-- categories: the categories and groups of their cards
-- organization: where they work, by a live card first
-- emails: their addresses, best first
-- phones: their numbers, best first, as +351… where they could be read
-- city: where they live or work, by a live card first
-- birthday: year, month and day, each null where unknown; the most complete one
select
    settings.owner_id,
    person_facts.person_id,
    coalesce(display_names.display_name, 'Somebody without a name') as display_name,
    kinds.kind,
    kinds.kind_reason,
    owner_persons.person_id is not null as is_owner,
    coalesce(person_points.is_colleague, false)
    and owner_persons.person_id is null as is_colleague,
    person_facts.is_deceased_hint
    and person_wishes.woken_at is null as is_deceased_hint,
    coalesce(person_wishes.is_resting, false)
    or (
        person_facts.deleted_at is not null
        and not person_facts.has_live_card
        and coalesce(person_wishes.woken_at < person_facts.deleted_at, true)
        and later_meetings.person_id is null
    )
    or left_people.person_id is not null as is_resting,
    coalesce(person_wishes.is_muted, false) as is_muted,
    person_facts.first_seen_at,
    person_facts.has_live_card as has_card,
    person_facts.is_import_only,
    coalesce(person_categories.categories, []) as categories,
    person_facts.organization,
    coalesce(person_points.emails, []) as emails,
    coalesce(person_points.phones, []) as phones,
    person_facts.city,
    person_facts.birthday
from identity.person_facts
cross join raw.settings
left join identity.display_names on person_facts.person_id = display_names.person_id
left join identity.kinds on person_facts.person_id = kinds.person_id
left join identity.person_points on person_facts.person_id = person_points.person_id
left join identity.person_categories on person_facts.person_id = person_categories.person_id
left join identity.person_wishes on person_facts.person_id = person_wishes.person_id
left join identity.owner_persons on person_facts.person_id = owner_persons.person_id
left join identity.left_people on person_facts.person_id = left_people.person_id
left join identity.later_meetings on person_facts.person_id = later_meetings.person_id
