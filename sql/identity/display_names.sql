-- One row per person: what to call them, the fullest name on a live card before any other.
-- key: person_id
-- display_name: the name as one says it; else the organization, else the address

-- What names an organization, or has a comma within its only part, stands as it is.
with texts as (
    select
        cards.record_id,
        cards.full_name as name,
        cards.given,
        coalesce(
            cards.kind = 'organization'
            or cards.full_name = cards.organization
            or (contains(cards.family, ',') and cards.given is null),
            false
        ) as is_as_written,
        1 + 10 * cards.is_gone::integer as preference
    from staging.cards
    union all
    select
        cards.record_id,
        cards.name_in_parts as name,
        null as given,
        coalesce(contains(cards.family, ',') and cards.given is null, false) as is_as_written,
        2 + 10 * cards.is_gone::integer as preference
    from staging.cards
    union all
    select
        invited_addresses.record_id,
        invited_addresses.name,
        null as given,
        false as is_as_written,
        3 as preference
    from staging.invited_addresses
    union all
    select
        cards.record_id,
        cards.organization as name,
        null as given,
        true as is_as_written,
        30 as preference
    from staging.cards
    union all
    select
        addresses.record_id,
        addresses.email as name,
        null as given,
        true as is_as_written,
        40 + addresses.ordinal as preference
    from identity.addresses
    union all
    select
        phones.record_id,
        phones.phone as name,
        null as given,
        true as is_as_written,
        50 + phones.ordinal as preference
    from staging.card_phones as phones
),

spelt as (
    select
        texts.record_id,
        texts.name,
        texts.preference,
        case
            when texts.is_as_written then texts.name
            else coalesce(name_keys.spoken, texts.name)
        end as display_name,
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
)

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
