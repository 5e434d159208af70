-- One row per person: what to call them, the fullest name on a live card before any other.
-- key: person_id
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

-- The fullest name wins before it is made fit to read: that part is costly.
chosen as (
    select
        record_persons.person_id,
        texts.name,
        texts.preference,
        name_keys.given_key,
        name_keys.family_key
    from texts
    inner join record_persons on texts.record_id = record_persons.record_id
    left join name_keys on texts.name = name_keys.name
    where texts.name is not null
    qualify row_number() over (
        partition by record_persons.person_id
        order by
            case
                when texts.preference >= 30 then 3
                when coalesce(name_keys.family_key, '') = '' then 2
                when name_keys.given_key[2:2] in ('', ' ') then 1
                else 0
            end asc,
            texts.preference asc,
            texts.name in (upper(texts.name), lower(texts.name)) asc,
            texts.record_id asc,
            texts.name asc
    ) = 1
),

cleaned as (
    select
        chosen.*,
        case
            -- A card's name is what the user wrote; an invitation's carries what programs added.
            when
                chosen.preference = 3
                and regexp_matches(chosen.name, '[(\[{<,"]|\svia\s|^''|''$')
                then coalesce(
                    nullif(
                        trim(
                            regexp_replace(
                                regexp_replace(
                                    chosen.name, '\s*[(\[{<][^)\]}>]*[)\]}>]\s*', ' ', 'g'
                                ),
                                '\s+via\s.*$',
                                '',
                                'i'
                            ),
                            ' ,''"'
                        ),
                        ''
                    ),
                    chosen.name
                )
            else chosen.name
        end as clean_name
    from chosen
),

final as (
    select
        cleaned.person_id,
        -- the normaliser has told "Lima, Ana" from "Ana Lima, PhD": then the key starts with Ana
        case
            when
                cleaned.preference < 30
                and cleaned.family_key <> ''
                and regexp_matches(cleaned.clean_name, '^[^,]+,[^,]+$')
                and starts_with(
                    strip_accents(lower(trim(regexp_extract(cleaned.clean_name, ',(.+)$', 1)))),
                    left(cleaned.given_key, 1)
                )
                and not starts_with(
                    strip_accents(lower(cleaned.clean_name)), cleaned.given_key || ' '
                )
                then
                    trim(regexp_extract(cleaned.clean_name, ',(.+)$', 1))
                    || ' ' || trim(regexp_extract(cleaned.clean_name, '^([^,]+),', 1))
            else cleaned.clean_name
        end as display_name
    from cleaned
)

select * from final
