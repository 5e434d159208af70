-- One row per person with a contact point: how to reach them, best first.
-- key: person_id
-- person_id: the person
-- emails: addresses in lower case, those of live cards first, of copies the newest's first,
-- preferred before others
-- phones: numbers as +351… where they could be read, with the extension, in the same order; each
-- once, however it was written
-- is_colleague: one of the addresses is in one of the owner's own domains
with emails as (
    select
        record_persons.person_id,
        addresses.email,
        min(
            struct_pack(
                group_rank := coalesce(cards.is_gone::integer * 2, 1),
                place := entries.place,
                ordinal := addresses.ordinal
            )
        ) as preference,
        bool_or(owner_domains.domain is not null) as is_colleague
    from identity.addresses
    inner join identity.record_persons on addresses.record_id = record_persons.record_id
    inner join identity.entries on addresses.record_id = entries.record_id
    left join staging.cards on addresses.record_id = cards.record_id
    left join staging.owner_domains
        on
            addresses.domain = owner_domains.domain
            or ends_with(addresses.domain, '.' || owner_domains.domain)
    group by record_persons.person_id, addresses.email
),

by_email as (
    select
        emails.person_id,
        list(emails.email order by emails.preference, emails.email) as emails,
        bool_or(emails.is_colleague) as is_colleague
    from emails
    group by emails.person_id
),

phones as (
    select
        record_persons.person_id,
        coalesce(
            phone_keys.e164 || coalesce(' ext. ' || phone_keys.extension, ''), card_phones.phone
        ) as phone,
        min(
            struct_pack(
                is_gone := cards.is_gone,
                place := entries.place,
                ordinal := case when card_phones.is_preferred then 0 else card_phones.ordinal end
            )
        ) as preference
    from staging.card_phones
    cross join raw.settings
    inner join identity.record_persons on card_phones.record_id = record_persons.record_id
    inner join identity.entries on card_phones.record_id = entries.record_id
    inner join staging.cards on card_phones.record_id = cards.record_id
    left join staging.phone_keys
        on
            card_phones.phone = phone_keys.phone
            and phone_keys.region = coalesce(settings.phone_region, '')
    group by all
),

dialled as (
    select
        phones.*,
        regexp_matches(phones.phone, '^\s*([+]|00)') as has_country,
        ltrim(regexp_replace(phones.phone, '[^0-9]', '', 'g'), '0') as digits
    from phones
),

-- Before it is known where a number without its country is, it stands beside the same one with it.
told_apart as (
    select dialled.*
    from dialled
    anti join dialled as others
        on
            dialled.person_id = others.person_id
            and not dialled.has_country
            and others.has_country
            and length(dialled.digits) >= 6
            and ends_with(others.digits, dialled.digits)
    qualify row_number() over (
        partition by
            dialled.person_id, coalesce(nullif(dialled.digits, ''), dialled.phone)
        order by dialled.preference, dialled.phone
    ) = 1
),

by_phone as (
    select
        told_apart.person_id,
        list(told_apart.phone order by told_apart.preference, told_apart.phone) as phones
    from told_apart
    group by told_apart.person_id
)

select
    coalesce(by_email.person_id, by_phone.person_id) as person_id,
    coalesce(by_email.emails, []) as emails,
    coalesce(by_phone.phones, []) as phones,
    coalesce(by_email.is_colleague, false) as is_colleague
from by_email
full join by_phone on by_email.person_id = by_phone.person_id
