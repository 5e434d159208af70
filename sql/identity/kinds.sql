-- One row per person: a human, an organization or a service, and why; only humans have ties.
-- key: person_id
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

offices as (
    select * from identity.offices
),

service_domains as (
    select * from identity.service_domains
),

business_words as (
    select * from identity.business_words
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

by_office as (
    select
        record_persons.person_id,
        min(offices.kind) as kind,
        min(addresses.email) as email,
        min(service_domains.sends) as sends
    from record_persons
    left join offices on record_persons.record_id = offices.record_id
    left join addresses on offices.record_id = addresses.record_id and addresses.ordinal = 1
    left join service_domains on addresses.domain = service_domains.domain
    group by record_persons.person_id
    having bool_and(offices.record_id is not null)
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

people as (
    select distinct record_persons.person_id from record_persons
),

final as (
    select
        people.person_id,
        case
            when by_card.is_company then 'organization'
            when by_office.kind = 'role' then 'organization'
            when by_office.kind is not null then 'service'
            when by_card.has_only_organization then 'organization'
            when by_business_word.word is not null then 'organization'
            else 'person'
        end as kind,
        case
            when by_card.is_company then 'the card is a company''s'
            when by_office.kind = 'role' then by_office.email || ' is an office, not a person'
            when by_office.kind = 'no_reply' then 'nobody reads ' || by_office.email
            when by_office.kind = 'list' then by_office.email || ' is a mailing list'
            when by_office.kind is not null
                then by_office.email || ' sends ' || coalesce(by_office.sends, 'mail by itself')
            when by_card.has_only_organization then 'the card names an organization and no person'
            when by_business_word.word is not null
                then '"' || by_business_word.word || '" stands in the name'
        end as kind_reason
    from people
    left join by_card on people.person_id = by_card.person_id
    left join by_office on people.person_id = by_office.person_id
    left join by_business_word on people.person_id = by_business_word.person_id
)

select * from final
