-- One row per person: a human, an organization or a service, and why; only humans have ties.
-- key: person_id
-- person_id: the person
-- kind: person, organization or service
-- kind_reason: the rule that says so; of a human only where something else speaks against it
with by_card as (
    select
        record_persons.person_id,
        bool_or(cards.kind = 'organization') as is_company,
        bool_and(
            cards.organization is not null
            and cards.given is null
            and cards.family is null
            and coalesce(cards.full_name = cards.organization, true)
        ) as has_only_organization
    from staging.cards
    inner join identity.record_persons on cards.record_id = record_persons.record_id
    group by record_persons.person_id
),

by_office as (
    select
        record_persons.person_id,
        min(offices.kind) as kind,
        min(addresses.email) as email,
        min(service_domains.sends) as sends
    from identity.record_persons
    left join identity.offices on record_persons.record_id = offices.record_id
    left join identity.addresses
        on offices.record_id = addresses.record_id and addresses.ordinal = 1
    left join identity.service_domains on addresses.domain = service_domains.domain
    group by record_persons.person_id
    having bool_and(offices.record_id is not null)
),

-- The name that says most about somebody: a form of a company, then a human's name in any of
-- their records, then a business.
by_name as (
    select
        record_persons.person_id,
        record_kinds.kind,
        record_kinds.grounds,
        record_kinds.word
    from identity.record_kinds
    inner join identity.record_persons on record_kinds.record_id = record_persons.record_id
    where record_kinds.kind is not null
    qualify row_number() over (
        partition by record_persons.person_id
        order by
            record_kinds.grounds = 'form' desc,
            record_kinds.kind = 'person' desc,
            record_kinds.grounds = 'end' asc,
            record_kinds.kind asc,
            record_kinds.word asc,
            record_kinds.grounds asc
    ) = 1
),

met as (
    select
        record_persons.person_id,
        sum(one_to_ones.n_meetings)::integer as n_meetings
    from identity.one_to_ones
    inner join identity.record_persons on one_to_ones.record_id = record_persons.record_id
    group by record_persons.person_id
),

people as (
    select distinct record_persons.person_id from identity.record_persons
),

named as (
    select
        people.person_id,
        case
            when by_card.is_company then 'organization'
            when by_office.kind = 'role' then 'organization'
            when by_office.kind is not null then 'service'
            when by_name.kind = 'person' then 'person'
            when by_card.has_only_organization then 'organization'
            else by_name.kind
        end as kind,
        case
            when by_card.is_company then 'the card is a company''s'
            when by_office.kind = 'role' then by_office.email || ' is an office, not a person'
            when by_office.kind = 'no_reply' then 'nobody reads ' || by_office.email
            when by_office.kind = 'list' then by_office.email || ' is a mailing list'
            when by_office.kind is not null
                then by_office.email || ' sends ' || coalesce(by_office.sends, 'mail by itself')
            when by_name.kind = 'person' then null
            when by_card.has_only_organization or by_name.grounds = 'same_name'
                then 'the card names an organization and no person'
            when by_name.grounds = 'firm' then 'the name is that of a firm'
            when by_name.grounds = 'short_number' then by_name.word || ' is a short number'
            when by_name.kind is not null then '"' || by_name.word || '" stands in the name'
        end as kind_reason,
        coalesce(by_name.grounds = 'end', false) as is_in_doubt
    from people
    left join by_card on people.person_id = by_card.person_id
    left join by_office on people.person_id = by_office.person_id
    left join by_name on people.person_id = by_name.person_id
)

select
    named.person_id,
    case
        when named.kind_reason is null or kept_humans.said is not null then 'person'
        when named.is_in_doubt and met.n_meetings > 0 then 'person'
        else named.kind
    end as kind,
    case
        when named.kind_reason is null then null
        when kept_humans.said is not null then kept_humans.said || ', though ' || named.kind_reason
        when named.is_in_doubt and met.n_meetings > 0
            then 'you met one to one, though ' || named.kind_reason
        else named.kind_reason
    end as kind_reason
from named
left join identity.kept_humans on named.person_id = kept_humans.person_id
left join met on named.person_id = met.person_id
