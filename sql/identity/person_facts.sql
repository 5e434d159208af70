-- One row per person: what their records say, of live cards first.
-- key: person_id
-- person_id: whom
-- has_card: any card names them, gone or not
-- has_live_card: a live card names them
-- deleted_at: when the last of the cards that are gone was deleted by itself from a book that is
-- pulled; null if its whole book went, for that says nothing of anybody
-- is_deceased_hint: a live card says that they died
-- is_import_only: known from imported files alone
-- first_seen_at: when the first of the records came
-- organization: where they work
-- city: where they live or work
-- birthday: year, month and day, each null where unknown; the most complete one
with by_card as (
    select
        card_places.person_id,
        bool_or(not cards.is_gone) as has_live_card,
        max(cards.gone_at) as last_gone_at,
        max(cards.gone_at) filter (
            where
            not coalesce(sources.is_import, false)
            and coalesce(cards.gone_at < cursors.gone_at, true)
        ) as last_deleted_at,
        bool_or(cards.is_deceased_hint and not cards.is_gone) as is_deceased_hint,
        bool_and(coalesce(sources.is_import, false)) as is_imported,
        min(cards.first_seen_at) as first_seen_at,
        arg_min(cards.organization, card_places.place) filter (
            where cards.organization is not null
        ) as organization,
        arg_min(cards.city, card_places.place) filter (where cards.city is not null) as city,
        arg_min(
            cards.birthday,
            struct_pack(
                is_gone := cards.is_gone,
                has_no_year := cards.birthday.year is null,
                place := card_places.place
            )
        ) filter (where cards.birthday.month is not null) as birthday
    from staging.cards
    inner join identity.card_places on cards.record_id = card_places.record_id
    left join staging.sources on cards.source = sources.source
    left join raw.cursors
        on
            cards.source = cursors.source
            and cards.collection = cursors.collection
    group by card_places.person_id
),

attendee_sources as (
    select
        attendees.record_id,
        unnest(attendees.sources) as source
    from staging.attendees
),

by_attendee as (
    select
        record_persons.person_id,
        bool_and(coalesce(sources.is_import, false)) as is_imported
    from attendee_sources
    inner join identity.record_persons on attendee_sources.record_id = record_persons.record_id
    left join staging.sources on attendee_sources.source = sources.source
    group by record_persons.person_id
),

by_record as (
    select
        record_persons.person_id,
        min(record_ids.given_at) as first_given_at
    from identity.record_persons
    left join staging.record_ids on record_persons.record_id = record_ids.record_id
    group by record_persons.person_id
)

select
    by_record.person_id,
    by_card.person_id is not null as has_card,
    coalesce(by_card.has_live_card, false) as has_live_card,
    case
        when by_card.last_deleted_at = by_card.last_gone_at then by_card.last_deleted_at
    end as deleted_at,
    coalesce(by_card.is_deceased_hint, false) as is_deceased_hint,
    coalesce(by_card.is_imported, true)
    and coalesce(by_attendee.is_imported, true) as is_import_only,
    least(by_record.first_given_at, by_card.first_seen_at) as first_seen_at,
    by_card.organization,
    by_card.city,
    by_card.birthday
from by_record
left join by_card on by_record.person_id = by_card.person_id
left join by_attendee on by_record.person_id = by_attendee.person_id
