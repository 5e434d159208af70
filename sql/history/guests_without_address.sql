-- One row per phone and name of a guest without an address that stand for exactly one person.
-- key: phone, name
-- phone: the number, as written; null where they have none
-- name: the name, as written; null where they have none
-- person_id: whom it stands for, the owner included
-- is_by_name: nothing but the name says so: a given and a family name that nobody else has
with guests as (
    select distinct
        meeting_guests.phone,
        meeting_guests.name
    from staging.meeting_guests
    where meeting_guests.record_id is null
),

phone_persons as (
    select
        phone_keys.e164,
        phone_keys.extension,
        min(record_persons.person_id) as person_id
    from staging.card_phones
    inner join raw.phone_keys on card_phones.phone = phone_keys.phone
    cross join raw.settings
    inner join identity.record_persons using (record_id)
    where phone_keys.region = coalesce(settings.phone_region, '') and phone_keys.e164 is not null
    group by phone_keys.e164, phone_keys.extension
    having count(distinct record_persons.person_id) = 1
),

by_phone as (
    select
        guests.phone,
        guests.name,
        phone_persons.person_id
    from guests
    inner join raw.phone_keys on guests.phone = phone_keys.phone
    cross join raw.settings
    inner join phone_persons
        on
            phone_keys.e164 = phone_persons.e164
            and phone_keys.extension is not distinct from phone_persons.extension
    where phone_keys.region = coalesce(settings.phone_region, '')
),

written as (
    select
        cards.record_id,
        unnest([cards.full_name, cards.name_in_parts]) as name
    from staging.cards
    union
    select
        invited_addresses.record_id,
        unnest(invited_addresses.names) as name
    from staging.invited_addresses
),

name_persons as (
    select
        name_keys.name_key,
        min(record_persons.person_id) as person_id
    from written
    inner join raw.name_keys on written.name = name_keys.name
    inner join identity.record_persons using (record_id)
    where contains(name_keys.name_key, ' ')
    group by name_keys.name_key
    having count(distinct record_persons.person_id) = 1
)

select
    by_phone.*,
    false as is_by_name
from by_phone
union all
select
    guests.phone,
    guests.name,
    name_persons.person_id,
    true as is_by_name
from guests
inner join raw.name_keys on guests.name = name_keys.name
inner join name_persons using (name_key)
inner join identity.persons using (person_id)
anti join by_phone
    on
        guests.phone is not distinct from by_phone.phone
        and guests.name is not distinct from by_phone.name
where persons.kind = 'person'
