-- One row per person: what to call them, the fullest name on a live card before any other.
-- person_id: the person
-- display_name: the name, "Last, First" turned; else the organization, else the address
with record_persons as (
    select * from identity.record_persons
),

cards as (
    select * from staging.cards
),

attendees as (
    select * from staging.attendees
),

name_keys as (
    select * from staging.name_keys
),

addresses as (
    select * from identity.addresses
),

phones as (
    select * from staging.card_phones
),

texts as (
    select
        cards.record_id,
        cards.full_name as name,
        1 + 10 * cards.is_gone::integer as preference
    from cards
    union all
    select
        cards.record_id,
        cards.name_in_parts as name,
        2 + 10 * cards.is_gone::integer as preference
    from cards
    union all
    select
        attendees.record_id,
        attendees.name,
        3 as preference
    from attendees
    union all
    select
        cards.record_id,
        cards.organization as name,
        30 as preference
    from cards
    union all
    select
        addresses.record_id,
        addresses.email as name,
        40 + addresses.ordinal as preference
    from addresses
    union all
    select
        phones.record_id,
        phones.phone as name,
        50 + phones.ordinal as preference
    from phones
),

cleaned as (
    select
        texts.record_id,
        texts.preference,
        case
            when texts.preference >= 30 then texts.name
            else coalesce(
                nullif(
                    trim(regexp_replace(
                        regexp_replace(texts.name, '\s*[(\[{<][^)\]}>]*[)\]}>]\s*', ' ', 'g'),
                        '\s+via\s.*$',
                        '',
                        'i'
                    ), ' ,''"'),
                    ''
                ),
                texts.name
            )
        end as name,
        name_keys.given_key,
        name_keys.family_key
    from texts
    left join name_keys on texts.name = name_keys.name
    where texts.name is not null
),

turned as (
    select
        cleaned.*,
        -- the normaliser has told "Lima, Ana" from "Ana Lima, PhD": then the key starts with Ana
        case
            when
                cleaned.preference < 30
                and cleaned.family_key <> ''
                and regexp_matches(cleaned.name, '^[^,]+,[^,]+$')
                and starts_with(
                    strip_accents(lower(trim(regexp_extract(cleaned.name, ',(.+)$', 1)))),
                    left(cleaned.given_key, 1)
                )
                and not starts_with(
                    strip_accents(lower(cleaned.name)), cleaned.given_key || ' '
                )
                then
                    trim(regexp_extract(cleaned.name, ',(.+)$', 1))
                    || ' ' || trim(regexp_extract(cleaned.name, '^([^,]+),', 1))
            else cleaned.name
        end as turned_name
    from cleaned
),

final as (
    select
        record_persons.person_id,
        turned.turned_name as display_name
    from turned
    inner join record_persons on turned.record_id = record_persons.record_id
    qualify row_number() over (
        partition by record_persons.person_id
        order by
            case
                when turned.preference >= 30 then 3
                when turned.family_key = '' or turned.family_key is null then 2
                when length(split_part(turned.given_key, ' ', 1)) = 1 then 1
                else 0
            end,
            turned.preference,
            turned.turned_name in (upper(turned.turned_name), lower(turned.turned_name)),
            turned.record_id
    ) = 1
)

select * from final
