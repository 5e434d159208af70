-- One row per person: what their records say and how to reach them, of live cards first.
-- key: person_id
-- has_card: any card names them, gone or not
-- has_live_card: a live card names them
-- deleted_at: when the last of the cards that are gone was deleted by itself from a book that is
-- pulled; null if its whole book went, for that says nothing of anybody
-- is_deceased_hint: a live card says that they died
-- is_import_only: known from imported files alone
-- first_seen_at: when the first of the records came
-- birthday: year, month and day, each null where unknown; the most complete one
-- categories: those of their live cards, and the groups that list them
-- emails: addresses in lower case, those of live cards first, of copies the newest's first,
-- preferred before others
-- phones: numbers as +351… where they could be read, with the extension, in the same order; each
-- once, however it was written
-- is_colleague: one of the addresses is in one of the owner's own domains
with by_card as (
    select
        record_persons.person_id,
        bool_or(not cards.is_gone) as has_live_card,
        max(cards.gone_at) as last_gone_at,
        max(cards.gone_at) filter (
            where
            not coalesce(sources.is_import, false)
            and coalesce(cards.gone_at < cursors.gone_at, true)
        ) as last_deleted_at,
        bool_or(cards.is_deceased_hint and not cards.is_gone) as is_deceased_hint,
        bool_and(coalesce(sources.is_import, false)) as is_imported,
        min(cards.first_seen_at) as first_seen_at,
        arg_min(cards.organization, record_persons.place) filter (
            where cards.organization is not null
        ) as organization,
        arg_min(cards.city, record_persons.place) filter (where cards.city is not null) as city,
        arg_min(
            cards.birthday,
            struct_pack(
                is_gone := cards.is_gone,
                has_no_year := cards.birthday.year is null,
                place := record_persons.place
            )
        ) filter (where cards.birthday.month is not null) as birthday
    from staging.cards
    inner join identity.record_persons on cards.record_id = record_persons.record_id
    left join raw.sources on cards.source = sources.source
    left join raw.cursors on cards.source = cursors.source and cards.collection = cursors.collection
    group by record_persons.person_id
),

by_attendee as (
    select
        record_persons.person_id,
        bool_and(coalesce(sources.is_import, false)) as is_imported
    from staging.invited_addresses
    cross join unnest(invited_addresses.sources) as invited_from (source)
    inner join identity.record_persons using (record_id)
    left join raw.sources on invited_from.source = sources.source
    group by record_persons.person_id
),

by_record as (
    select
        record_persons.person_id,
        min(record_ids.given_at) as first_given_at
    from identity.record_persons
    left join raw.record_ids using (record_id)
    group by record_persons.person_id
),

filed as (
    select
        cards.record_id,
        unnest(cards.categories) as category
    from staging.cards
    where not cards.is_gone
    union
    select
        cards.record_id,
        card_groups.category
    from staging.card_groups
    inner join staging.cards
        on card_groups.source = cards.source and card_groups.member_uid = lower(cards.uid)
    where not cards.is_gone
    union
    select
        cards.record_id,
        card_groups.category
    from staging.card_groups
    inner join staging.card_emails on card_groups.member_email = card_emails.email
    inner join staging.cards using (record_id, source)
    where not cards.is_gone
    union
    select
        cards.record_id,
        card_groups.category
    from staging.card_groups
    inner join identity.record_points as points
        on card_groups.member_digits = points.point and points.kind = 'phone'
    inner join staging.cards using (record_id, source)
    where not cards.is_gone
),

categorised as (
    select
        record_persons.person_id,
        list(distinct filed.category order by filed.category) as categories
    from filed
    inner join identity.record_persons on filed.record_id = record_persons.record_id
    group by record_persons.person_id
),

owner_domains as (
    select distinct lower(trim(unnest(owners.own_domains))) as domain
    from raw.owners
),

emails as (
    select
        record_persons.person_id,
        addresses.email,
        min(
            struct_pack(
                group_rank := coalesce(cards.is_gone::integer * 2, 1),
                place := record_entries.place,
                ordinal := addresses.ordinal
            )
        ) as preference,
        bool_or(owner_domains.domain is not null) as is_colleague
    from identity.addresses
    inner join identity.record_persons on addresses.record_id = record_persons.record_id
    inner join identity.record_entries on addresses.record_id = record_entries.record_id
    left join staging.cards on addresses.record_id = cards.record_id
    left join owner_domains
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
                place := record_entries.place,
                ordinal := case when card_phones.is_preferred then 0 else card_phones.ordinal end
            )
        ) as preference
    from staging.card_phones
    cross join raw.settings
    inner join identity.record_persons using (record_id)
    inner join identity.record_entries using (record_id)
    inner join staging.cards using (record_id)
    left join raw.phone_keys
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
        partition by dialled.person_id, coalesce(nullif(dialled.digits, ''), dialled.phone)
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
    by_record.person_id,
    by_card.person_id is not null as has_card,
    coalesce(by_card.has_live_card, false) as has_live_card,
    case
        when by_card.last_deleted_at = by_card.last_gone_at then by_card.last_deleted_at
    end as deleted_at,
    coalesce(by_card.is_deceased_hint, false) as is_deceased_hint,
    coalesce(by_card.is_imported, true)
    and coalesce(by_attendee.is_imported, true) as is_import_only,
    least(by_record.first_given_at, by_card.first_seen_at) as first_seen_at,
    by_card.organization,
    by_card.city,
    by_card.birthday,
    coalesce(categorised.categories, []) as categories,
    coalesce(by_email.emails, []) as emails,
    coalesce(by_phone.phones, []) as phones,
    coalesce(by_email.is_colleague, false) as is_colleague
from by_record
left join by_card using (person_id)
left join by_attendee using (person_id)
left join categorised using (person_id)
left join by_email using (person_id)
left join by_phone using (person_id)
