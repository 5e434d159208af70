-- One row per owner and person, organization or service that any record names; tombstones included.
-- owner_id: whose book
-- person_id: the least record_id of the records that are this person
-- display_name: what to call them
-- kind: person, organization or service
-- kind_reason: why it is not a human, null for humans
-- is_owner: the owner themselves
-- is_colleague: has an address in one of the owner's own domains
-- is_deceased_hint: a card says that they died, and the user did not say that they live
-- is_resting: the user put them to rest, or deleted their last card
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
with record_persons as (
    select * from identity.record_persons
),

cards as (
    select * from staging.cards
),

attendees as (
    select * from staging.attendees
),

record_ids as (
    select * from staging.record_ids
),

sources as (
    select * from staging.sources
),

settings as (
    select * from raw.settings
),

display_names as (
    select * from identity.display_names
),

kinds as (
    select * from identity.kinds
),

person_points as (
    select * from identity.person_points
),

person_categories as (
    select * from identity.person_categories
),

person_wishes as (
    select * from identity.person_wishes
),

owner_persons as (
    select * from identity.owner_persons
),

by_card as (
    select
        record_persons.person_id,
        bool_or(not cards.is_gone) as has_live_card,
        max(cards.gone_at) as last_gone_at,
        bool_or(cards.is_deceased_hint and not cards.is_gone) as is_deceased_hint,
        bool_and(coalesce(sources.is_import, false)) as is_imported,
        min(cards.first_seen_at) as first_seen_at,
        arg_min(
            cards.organization, cards.is_gone::integer * 1000000000000 + cards.record_id
        ) filter (where cards.organization is not null) as organization,
        arg_min(
            cards.city, cards.is_gone::integer * 1000000000000 + cards.record_id
        ) filter (where cards.city is not null) as city,
        arg_min(
            cards.birthday,
            cards.is_gone::integer * 2000000000000
            + (cards.birthday.year is null)::integer * 1000000000000
            + cards.record_id
        ) filter (where cards.birthday.month is not null) as birthday
    from cards
    inner join record_persons on cards.record_id = record_persons.record_id
    left join sources on cards.source = sources.source
    group by record_persons.person_id
),

attendee_sources as (
    select
        attendees.record_id,
        unnest(attendees.sources) as source
    from attendees
),

by_attendee as (
    select
        record_persons.person_id,
        bool_and(coalesce(sources.is_import, false)) as is_imported
    from attendee_sources
    inner join record_persons on attendee_sources.record_id = record_persons.record_id
    left join sources on attendee_sources.source = sources.source
    group by record_persons.person_id
),

by_record as (
    select
        record_persons.person_id,
        min(record_ids.given_at) as first_given_at
    from record_persons
    left join record_ids on record_persons.record_id = record_ids.record_id
    group by record_persons.person_id
),

final as (
    select
        settings.owner_id,
        by_record.person_id,
        coalesce(display_names.display_name, 'nameless ' || by_record.person_id) as display_name,
        kinds.kind,
        kinds.kind_reason,
        owner_persons.person_id is not null as is_owner,
        coalesce(person_points.is_colleague, false)
        and owner_persons.person_id is null as is_colleague,
        coalesce(by_card.is_deceased_hint, false)
        and person_wishes.woken_at is null as is_deceased_hint,
        coalesce(person_wishes.is_resting, false)
        or (
            by_card.person_id is not null
            and not by_card.has_live_card
            and coalesce(person_wishes.woken_at < by_card.last_gone_at, true)
        ) as is_resting,
        coalesce(person_wishes.is_muted, false) as is_muted,
        least(by_record.first_given_at, by_card.first_seen_at) as first_seen_at,
        coalesce(by_card.has_live_card, false) as has_card,
        coalesce(by_card.is_imported, true)
        and coalesce(by_attendee.is_imported, true) as is_import_only,
        coalesce(person_categories.categories, []) as categories,
        by_card.organization,
        coalesce(person_points.emails, []) as emails,
        coalesce(person_points.phones, []) as phones,
        by_card.city,
        by_card.birthday
    from by_record
    cross join settings
    left join display_names on by_record.person_id = display_names.person_id
    left join kinds on by_record.person_id = kinds.person_id
    left join by_card on by_record.person_id = by_card.person_id
    left join by_attendee on by_record.person_id = by_attendee.person_id
    left join person_points on by_record.person_id = person_points.person_id
    left join person_categories on by_record.person_id = person_categories.person_id
    left join person_wishes on by_record.person_id = person_wishes.person_id
    left join owner_persons on by_record.person_id = owner_persons.person_id
)

select * from final
