-- One row per owner and person, organization or service that any record names; tombstones included.
-- key: owner_id, person_id
-- person_id: the least record_id of the records that are this person
-- display_name: the name as one says it; else the organization, else the address
-- kind: person, organization or service
-- kind_reason: why it is no human; of a human only where something else speaks against it
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

-- What holds now of whom the user muted, put to rest or woke; the newest word counts.
with wishes as (
    select
        record_persons.person_id,
        max(decisions.decided_at) filter (where decisions.verb = 'mute') as muted_at,
        max(decisions.decided_at) filter (where decisions.verb = 'rest') as rested_at,
        max(decisions.decided_at) filter (where decisions.verb = 'wake') as woken_at,
        muted_at is not null and coalesce(muted_at > woken_at, true) as is_muted,
        rested_at is not null and coalesce(rested_at > woken_at, true) as is_resting
    from staging.decisions
    inner join identity.record_persons on decisions.person_id = record_persons.record_id
    where decisions.verb in ('mute', 'rest', 'wake')
    group by record_persons.person_id
),

-- Meetings of theirs since their last card was deleted that they accepted or called.
since_deleted as (
    select
        person_facts.person_id,
        meetings.meeting_id
    from identity.person_facts
    inner join identity.record_persons using (person_id)
    inner join staging.meeting_guests using (record_id)
    inner join staging.meetings using (meeting_id)
    cross join raw.settings
    where
        person_facts.deleted_at is not null
        and not person_facts.has_live_card
        and (meeting_guests.reply_rank = 4 or meeting_guests.is_organizer)
        and meetings.starts_at > person_facts.deleted_at
        and meetings.ends_at <= settings.as_of
        and meetings.status <> 'cancelled'
),

-- The owner accepted or called one of these too: it wakes who rests because of that card.
met_since as (
    select distinct since_deleted.person_id
    from since_deleted
    inner join staging.meeting_guests on since_deleted.meeting_id = meeting_guests.meeting_id
    left join identity.owner_records using (record_id)
    where
        (meeting_guests.is_owner or owner_records.record_id is not null)
        and (meeting_guests.reply_rank = 4 or meeting_guests.is_organizer)
),

-- What to call them: the fullest name on a live card before any other; else the organization, else
-- the address. What names an organization, or has a comma within its only part, stands as it is.
texts as (
    select
        cards.record_id,
        cards.full_name as name,
        cards.given,
        cards.kind = 'organization'
        or cards.full_name = cards.organization
        or (contains(cards.family, ',') and cards.given is null) as is_as_written,
        1 + 10 * cards.is_gone::integer as preference
    from staging.cards
    union all by name
    select
        cards.record_id,
        cards.name_in_parts as name,
        contains(cards.family, ',') and cards.given is null as is_as_written,
        2 + 10 * cards.is_gone::integer as preference
    from staging.cards
    union all by name
    select
        invited_addresses.record_id,
        invited_addresses.name,
        3 as preference
    from staging.invited_addresses
    union all by name
    select
        cards.record_id,
        cards.organization as name,
        true as is_as_written,
        30 as preference
    from staging.cards
    union all by name
    select
        addresses.record_id,
        addresses.email as name,
        true as is_as_written,
        40 + addresses.ordinal as preference
    from identity.addresses
    union all by name
    select
        card_phones.record_id,
        card_phones.phone as name,
        true as is_as_written,
        50 + card_phones.ordinal as preference
    from staging.card_phones
),

spelt as (
    select
        texts.record_id,
        texts.name,
        texts.preference,
        if(texts.is_as_written, texts.name, coalesce(name_keys.spoken, texts.name))
            as display_name,
        -- "Ana Lima, Lisbon" was turned: what stands before the comma is no family name
        coalesce(
            contains(texts.name, ',')
            and not starts_with(
                lower(name_keys.spoken), lower(rtrim(split_part(texts.given, ' ', 1), ','))
            ),
            false
        ) as is_turned_wrongly,
        case
            when texts.preference >= 30 then 3
            when coalesce(name_keys.family_key, '') = '' then 2
            when name_keys.given_key[2:2] in ('', ' ') then 1
            else 0
        end as vagueness
    from texts
    left join raw.name_keys on texts.name = name_keys.name
    where texts.name is not null
),

called as (
    select
        record_persons.person_id,
        spelt.display_name
    from spelt
    inner join identity.record_persons on spelt.record_id = record_persons.record_id
    qualify row_number() over (
        partition by record_persons.person_id
        order by
            spelt.vagueness asc,
            spelt.is_turned_wrongly asc,
            spelt.preference asc,
            spelt.name in (upper(spelt.name), lower(spelt.name)) asc,
            record_persons.place asc nulls last,
            spelt.record_id asc,
            spelt.name asc
    ) = 1
),

owner_persons as (
    select distinct
        owner_records.owner_id,
        record_persons.person_id
    from identity.owner_records
    inner join identity.record_persons on owner_records.record_id = record_persons.record_id
)

select
    settings.owner_id,
    person_facts.person_id,
    coalesce(called.display_name, 'Somebody without a name') as display_name,
    person_kinds.kind,
    person_kinds.kind_reason,
    owner_persons.person_id is not null as is_owner,
    person_facts.is_colleague and owner_persons.person_id is null as is_colleague,
    person_facts.is_deceased_hint and wishes.woken_at is null as is_deceased_hint,
    coalesce(wishes.is_resting, false)
    or (
        person_facts.deleted_at is not null
        and not person_facts.has_live_card
        and coalesce(wishes.woken_at < person_facts.deleted_at, true)
        and met_since.person_id is null
    )
    or left_people.person_id is not null as is_resting,
    coalesce(wishes.is_muted, false) as is_muted,
    person_facts.first_seen_at,
    person_facts.has_live_card as has_card,
    person_facts.is_import_only,
    person_facts.categories,
    person_facts.organization,
    person_facts.emails,
    person_facts.phones,
    person_facts.city,
    person_facts.birthday
from identity.person_facts
cross join raw.settings
left join called using (person_id)
left join identity.person_kinds using (person_id)
left join wishes using (person_id)
left join owner_persons using (person_id)
left join identity.left_people using (person_id)
left join met_since using (person_id)
