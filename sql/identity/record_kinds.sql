-- One row per record that names somebody: what its name, its parts and its numbers say it is.
-- key: record_id
-- kind: person, organization or service; null where nothing is said either way
-- grounds: given_name, remark, form, firm, front or end, as in identity.name_kinds; parts (the card
-- has a given and a family name), same_name (the organization's name), short_number
-- word: the word or number that says so, null for humans
-- has_human_name: its name is a human's, and not that of an office at its address
with numbers as (
    select
        card_phones.record_id,
        min(card_phones.phone) as phone,
        max(length(regexp_replace(card_phones.phone, '[^0-9]', '', 'g'))) as n_digits
    from staging.card_phones
    anti join staging.card_emails on card_phones.record_id = card_emails.record_id
    group by card_phones.record_id
),

-- A program that knows of first and last names alone splits "Bakkerij Jansen" as well.
parts as (
    select
        cards.record_id,
        given_kinds.kind = 'person' as has_given_name,
        coalesce(given_kinds.kind, 'person') = 'person'
        and (
            coalesce(family_kinds.kind, 'person') = 'person'
            or (family_kinds.is_family_word and given_kinds.kind = 'person')
        ) as is_human
    from staging.cards
    left join identity.name_kinds as given_kinds on cards.given = given_kinds.name
    left join identity.name_kinds as family_kinds on cards.family = family_kinds.name
    where cards.given is not null and cards.family is not null
),

named as (
    select
        cards.record_id,
        coalesce(cards.full_name, cards.name_in_parts) as name,
        coalesce(
            cards.full_name = cards.organization
            or (
                cards.full_name is null
                and cards.name_in_parts is null
                and cards.organization is not null
            ),
            false
        ) as is_organization_name
    from staging.cards
    union all
    select
        invited_addresses.record_id,
        invited_addresses.name,
        false as is_organization_name
    from staging.invited_addresses
    where invited_addresses.name is not null
),

judged as (
    select
        named.record_id,
        name_kinds.kind,
        name_kinds.grounds,
        name_kinds.word,
        named.is_organization_name,
        coalesce(parts.is_human, false) as has_human_parts,
        numbers.phone,
        coalesce(numbers.n_digits between 2 and 6, false) as has_short_number
    from named
    left join identity.name_kinds on named.name = name_kinds.name
    left join parts using (record_id)
    left join numbers using (record_id)
),

decided as (
    select
        judged.record_id,
        case
            when judged.kind = 'person' then 'person'
            when judged.grounds = 'end' and judged.has_human_parts then 'person'
            when judged.kind is not null then judged.kind
            when judged.is_organization_name then 'organization'
            when judged.has_human_parts then 'person'
            when judged.has_short_number then 'service'
        end as kind,
        case
            when judged.kind = 'person' then judged.grounds
            when judged.grounds = 'end' and judged.has_human_parts then 'parts'
            when judged.kind is not null then judged.grounds
            when judged.is_organization_name then 'same_name'
            when judged.has_human_parts then 'parts'
            when judged.has_short_number then 'short_number'
        end as grounds,
        case
            when judged.kind <> 'person' then judged.word
            when judged.kind is null and not judged.has_human_parts then judged.phone
        end as word
    from judged
),

-- Names that people are called by: Ola is one, though ola@… is how an office says hello.
plain as (
    select decided.record_id
    from decided
    where decided.kind = 'person' and decided.grounds in ('given_name', 'parts')
),

name_words as (
    select
        names.record_id,
        names.first_word,
        unnest(names.words) as word
    from identity.names
    where names.origin <> 'address'
),

-- "Granite Accounts", "Ana from Granite", a bare "Support" and "Granite" at granite.example name
-- an office; "Ana Lima" at office@lima.example names a human, and so does "Svenja Albers" at
-- info@svenja-albers.example.
office_names as (
    select name_words.record_id
    from name_words
    inner join raw.listed('role_addresses') as role_addresses
        on name_words.word = role_addresses.word
    left join plain using (record_id)
    where plain.record_id is null or name_words.word <> name_words.first_word
    union
    select name_words.record_id
    from name_words
    where name_words.word = 'from'
    union
    select names.record_id
    from identity.names
    inner join identity.addresses on names.record_id = addresses.record_id
    anti join plain on names.record_id = plain.record_id
    where length(names.first_word) > 3 and starts_with(addresses.employer, names.first_word)
),

human_names as (
    select names.record_id
    from identity.names
    left join plain using (record_id)
    anti join office_names using (record_id)
    where
        names.origin <> 'address'
        and (
            names.n_words between 2 and 5
            -- "Svenja" alone at svenja-albers.example
            or (
                names.n_words = 1
                and plain.record_id is not null
                and exists (
                    select 1
                    from identity.addresses
                    where
                        addresses.record_id = names.record_id
                        and starts_with(addresses.domain, names.first_word)
                )
            )
        )
)

select
    decided.record_id,
    decided.kind,
    decided.grounds,
    decided.word,
    human_names.record_id is not null as has_human_name
from decided
left join human_names using (record_id)
