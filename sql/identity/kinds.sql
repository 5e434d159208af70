-- One row per person: a human, an organization or a service, and why; only humans have ties.
-- person_id: the person
-- kind: person, organization or service
-- kind_reason: the rule that says so, null for a human
with record_persons as (
    select * from identity.record_persons
),

cards as (
    select * from staging.cards
),

addresses as (
    select * from identity.addresses
),

names as (
    select * from identity.names
),

role_addresses as (
    select * from identity.role_addresses
),

service_domains as (
    select * from identity.service_domains
),

business_words as (
    select * from identity.business_words
),

domains as (
    select * from identity.domains
),

by_card as (
    select
        record_persons.person_id,
        bool_or(cards.kind = 'organization') as is_company,
        bool_and(
            cards.organization is not null
            and cards.given is null
            and cards.family is null
            and coalesce(cards.full_name = cards.organization, true)
        ) as has_only_organization
    from cards
    inner join record_persons on cards.record_id = record_persons.record_id
    group by record_persons.person_id
),

by_address as (
    select
        record_persons.person_id,
        bool_and(coalesce(role_addresses.kind = 'no_reply', false)) as is_no_reply,
        bool_and(coalesce(role_addresses.kind = 'list', false)) as is_list,
        bool_and(role_addresses.kind is not null) as is_role,
        min(addresses.email) as email,
        bool_and(service_domains.sends is not null) as is_service,
        min(service_domains.sends) as sends
    from addresses
    inner join record_persons on addresses.record_id = record_persons.record_id
    left join role_addresses
        on regexp_replace(addresses.local_part, '[^a-z]', '', 'g') = role_addresses.local_part
    left join service_domains on addresses.domain = service_domains.domain
    group by record_persons.person_id
),

name_words as (
    select
        names.record_id,
        unnest(names.words) as word
    from names
    where names.origin <> 'address'
),

by_business_word as (
    select
        record_persons.person_id,
        min(business_words.word) as word
    from name_words
    inner join business_words on name_words.word = business_words.word
    inner join record_persons on name_words.record_id = record_persons.record_id
    group by record_persons.person_id
),

-- "Granite Accounts" and a bare "Support" name an office; "Ana Lima" at office@ names a human.
office_words as (
    select name_words.record_id
    from name_words
    inner join role_addresses on name_words.word = role_addresses.local_part
    union
    select name_words.record_id
    from name_words
    inner join addresses on name_words.record_id = addresses.record_id
    inner join domains on addresses.domain = domains.domain
    where length(name_words.word) > 3 and starts_with(domains.employer, name_words.word)
),

by_name as (
    select distinct record_persons.person_id
    from names
    inner join record_persons on names.record_id = record_persons.record_id
    anti join office_words on names.record_id = office_words.record_id
    where names.origin <> 'address' and names.n_words between 2 and 5
),

people as (
    select distinct record_persons.person_id from record_persons
),

judged as (
    select
        people.person_id,
        case
            when by_card.is_company then 'organization'
            when by_address.is_no_reply or by_address.is_list then 'service'
            when by_address.is_service then 'service'
            when by_card.has_only_organization then 'organization'
            when by_business_word.word is not null then 'organization'
            when by_address.is_role and by_name.person_id is null then 'organization'
            else 'person'
        end as kind,
        case
            when by_card.is_company then 'the card is a company''s'
            when by_address.is_no_reply then 'nobody reads ' || by_address.email
            when by_address.is_list then by_address.email || ' is a mailing list'
            when by_address.is_service then 'sends ' || by_address.sends
            when by_card.has_only_organization then 'the card names an organization and no person'
            when by_business_word.word is not null
                then '"' || by_business_word.word || '" stands in the name'
            when by_address.is_role and by_name.person_id is null
                then by_address.email || ' is an office, not a person'
        end as kind_reason
    from people
    left join by_card on people.person_id = by_card.person_id
    left join by_address on people.person_id = by_address.person_id
    left join by_business_word on people.person_id = by_business_word.person_id
    left join by_name on people.person_id = by_name.person_id
),

final as (
    select
        judged.person_id,
        judged.kind,
        judged.kind_reason
    from judged
)

select * from final
