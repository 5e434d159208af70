-- One row per owner, circle and member: by name, address, category, organization, domain or word.
-- key: owner_id, circle, person_id
with names as (
    select
        record_persons.person_id,
        strip_accents(lower(cards.full_name)) as name
    from staging.cards
    inner join identity.record_persons on cards.record_id = record_persons.record_id
    union
    select
        record_persons.person_id,
        strip_accents(lower(invited_addresses.name)) as name
    from staging.invited_addresses
    inner join identity.record_persons on invited_addresses.record_id = record_persons.record_id
    union
    select
        persons.person_id,
        unnest(list_append(persons.emails, strip_accents(lower(persons.display_name)))) as name
    from identity.persons
),

person_categories as (
    select
        persons.person_id,
        unnest(persons.categories) as category
    from identity.persons
),

person_emails as (
    select
        persons.person_id,
        regexp_extract(unnest(persons.emails), '@(.+)$', 1) as domain
    from identity.persons
),

members as (
    select
        circles.owner_id,
        circles.circle,
        names.person_id
    from raw.circles
    cross join unnest(circles.people) as named (text)
    inner join names on strip_accents(lower(trim(named.text))) = names.name
    union
    select
        circles.owner_id,
        circles.circle,
        person_categories.person_id
    from raw.circles
    cross join unnest(circles.categories) as categorised (text)
    inner join person_categories
        on lower(trim(categorised.text)) = lower(trim(person_categories.category))
    union
    select
        circles.owner_id,
        circles.circle,
        persons.person_id
    from raw.circles
    cross join unnest(circles.organizations) as employing (text)
    inner join identity.persons on lower(trim(employing.text)) = lower(persons.organization)
    union
    select
        circles.owner_id,
        circles.circle,
        person_emails.person_id
    from raw.circles
    cross join unnest(circles.domains) as mailing (text)
    inner join person_emails
        on
            lower(trim(mailing.text)) = person_emails.domain
            or ends_with(person_emails.domain, '.' || lower(trim(mailing.text)))
    union
    select
        decisions.owner_id,
        decisions.value as circle,
        record_persons.person_id
    from staging.decisions
    inner join identity.record_persons on decisions.person_id = record_persons.record_id
    where decisions.verb = 'circle' and decisions.value is not null
)

select
    members.owner_id,
    members.circle,
    members.person_id
from members
inner join identity.persons using (person_id, owner_id)
where not persons.is_owner
