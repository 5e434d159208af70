-- One row per person: a human, an organization or a service, and why; only humans have ties.
-- key: person_id
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
        min(impersonal_records.kind) as kind,
        min(addresses.email) as email,
        min(service_domains.value) as sends
    from identity.record_persons
    left join identity.impersonal_records using (record_id)
    left join identity.addresses
        on impersonal_records.record_id = addresses.record_id and addresses.ordinal = 1
    left join raw.listed('service_domains') as service_domains
        on addresses.domain = service_domains.word
    group by record_persons.person_id
    having bool_and(impersonal_records.record_id is not null)
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

business_names as (
    select record_kinds.record_id
    from identity.record_kinds
    semi join staging.invited_addresses using (record_id)
    where record_kinds.grounds = 'end' and record_kinds.kind <> 'person'
),

theirs as (
    select
        meeting_guests.meeting_id,
        meeting_guests.record_id
    from staging.meeting_guests
    semi join business_names on meeting_guests.record_id = business_names.record_id
    where meeting_guests.is_human and meeting_guests.reply_rank = 4
),

attended as (
    select
        meeting_guests.meeting_id,
        count(*) as n_people,
        bool_or(meeting_guests.is_owner or owner_records.record_id is not null) as has_owner
    from staging.meeting_guests
    semi join theirs using (meeting_id)
    left join identity.owner_records using (record_id)
    where meeting_guests.reply_rank <> 2
    group by meeting_guests.meeting_id
),

-- Per record whose name ends like a business's and that accepted a meeting of two.
one_to_ones as (
    select
        theirs.record_id,
        count(*) as n_meetings
    from theirs
    inner join attended on theirs.meeting_id = attended.meeting_id
    inner join staging.meetings on theirs.meeting_id = meetings.meeting_id
    where attended.n_people = 2 and attended.has_owner and meetings.status = 'confirmed'
    group by theirs.record_id
),

met as (
    select
        record_persons.person_id,
        sum(one_to_ones.n_meetings)::integer as n_meetings
    from one_to_ones
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
),

said as (
    select
        decisions.person_id as record_id,
        case
            when decisions.verb = 'log' then 'you logged a contact with them'
            when decisions.verb in ('every', 'snooze') then 'you gave them a cadence'
            when decisions.verb = 'introduce' then 'you introduced them'
            when decisions.verb = 'circle' then 'you put them into a circle'
            else 'you keep in touch with them'
        end as said
    from staging.decisions
    where
        decisions.verb in ('keep', 'in_touch', 'every', 'snooze', 'log', 'introduce')
        or (decisions.verb = 'circle' and decisions.value is not null)
    union all
    select
        decisions.other_id as record_id,
        'you introduced them' as said
    from staging.decisions
    where decisions.verb = 'introduce'
),

circled as (
    select
        strip_accents(lower(trim(named.text))) as text,
        'the circle ' || named.circle || ' names them' as said
    from (
        select
            circles.circle,
            unnest(circles.people) as text
        from raw.circles
    ) as named
),

called as (
    select
        cards.record_id,
        strip_accents(lower(cards.full_name)) as text
    from staging.cards
    union all
    select
        invited_addresses.record_id,
        strip_accents(lower(invited_addresses.name)) as text
    from staging.invited_addresses
    union all
    select
        addresses.record_id,
        addresses.email as text
    from identity.addresses
),

-- Per person whom the user treats as a human: their word outweighs any word in the name.
kept_humans as (
    select
        record_persons.person_id,
        min(all_said.said) as said
    from (
        select * from said
        union all
        select
            called.record_id,
            circled.said
        from circled
        inner join called on circled.text = called.text
    ) as all_said
    inner join identity.record_persons on all_said.record_id = record_persons.record_id
    group by record_persons.person_id
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
left join kept_humans on named.person_id = kept_humans.person_id
left join met on named.person_id = met.person_id
