-- One row per card of somebody: the newest version of each, tombstones included; groups, and cards
-- that say nothing but a UID, a photo or a category, left out.
-- key: record_id
-- uid: the card's own UID, if it has one
-- kind: individual, organization or unknown
-- name_in_parts: the name put together from its parts as "Family, Given Middle"
-- city: city of the first address that names one
-- note: the free text, all of it
-- further: field, said and label of what else it says: a second name, title or employer, and whom
-- the card names
-- birthday: year, month and day, each null where unknown
-- is_deceased_hint: a date of death, or a word or sign in the name or note that says so
-- first_seen_at: when it was first pulled
-- revised_at: when it was last revised (REV), as the card says, in UTC
-- content_hash: differs when anything differs that the card says, UID and revision aside

-- Chosen by number alone: the cards themselves are too wide to be put in order.
with newest_items as (
    select contacts.item_id
    from raw.contacts
    where
        contacts.record_id is not null
        and coalesce(contacts.kind, 'unknown') not in ('group', 'location')
    qualify row_number() over (
        partition by contacts.record_id
        order by contacts.gone_at desc nulls first, contacts.item_id desc
    ) = 1
),

newest as (
    select contacts.*
    from raw.contacts
    semi join newest_items using (item_id)
),

-- A card may have many a property twice: the first has a column, the others stand in `extra`.
noted as (
    select
        newest.*,
        concat_ws(
            chr(10),
            newest.note,
            nullif(
                array_to_string(
                    list_transform(
                        list_filter(newest.extra, lambda entry: entry.name = 'NOTE'),
                        lambda entry: entry.value
                    ),
                    chr(10)
                ),
                ''
            )
        ) as whole_note
    from newest
)

select
    noted.record_id,
    noted.item_id,
    noted.source,
    noted.collection,
    noted.uid,
    coalesce(noted.kind, 'unknown') as kind,
    nullif(trim(noted.full_name), '') as full_name,
    coalesce(
        case
            when noted.family is not null and noted.given is not null
                then concat_ws(', ', noted.family, concat_ws(' ', noted.given, noted.middle))
        end,
        noted.family,
        noted.given
    ) as name_in_parts,
    noted.given,
    noted.middle,
    noted.family,
    coalesce(noted.nicknames, []) as nicknames,
    nullif(trim(noted.organization), '') as organization,
    noted.department,
    noted.title,
    noted."role",
    list_filter(noted.addresses, lambda address: address.city <> '')[1].city as city,
    coalesce(noted.categories, []) as categories,
    nullif(noted.whole_note, '') as note,
    list_concat(
        list_transform(
            list_filter(
                coalesce(noted.extra, []),
                lambda entry: entry.name in ('FN', 'N', 'ORG', 'TITLE', 'ROLE', 'BDAY')
            ),
            lambda entry: struct_pack(
                field := case entry.name
                    when 'ORG' then 'organization'
                    when 'TITLE' then 'title'
                    when 'ROLE' then 'role'
                    when 'BDAY' then 'birthday'
                    else 'name'
                end,
                said := trim(regexp_replace(entry.value, '\s*;[;\s]*', ', ', 'g'), ' ,'),
                label := null::varchar
            )
        ),
        list_transform(
            coalesce(noted.related, []),
            lambda person: struct_pack(
                field := 'related',
                said := person.name,
                label := person.label
            )
        )
    ) as further,
    struct_pack(
        year := noted.birthday.year,
        month := noted.birthday.month,
        day := noted.birthday.day
    ) as birthday,
    noted.gone_at is not null as is_gone,
    noted.death_date is not null
    or regexp_matches(
        concat_ws(' ', noted.full_name, noted.suffix, noted.whole_note),
        '[†✝]|\bR\.?I\.?P\b'
    )
    or regexp_matches(
        lower(concat_ws(' ', noted.full_name, noted.suffix, noted.whole_note)),
        '\b(deceased|passed away|rest in peace|in memoriam|verstorben|gestorben|overleden'
        || '|décédée?|fallecid[oa]|falecid[oa]|defunt[oa]|zmarła?|avlid(en|na))'
    ) as is_deceased_hint,
    noted.first_seen_at,
    noted.gone_at,
    -- "2008-04-24T19:52:43Z", "20080424" and their like
    try_strptime(
        rpad(left(regexp_replace(noted.revised_at, '[^0-9]', '', 'g'), 14), 14, '0'),
        '%Y%m%d%H%M%S'
    ) at time zone 'UTC' as revised_at,
    hash(
        noted.kind, noted.full_name, noted.prefix, noted.given, noted.middle, noted.family,
        noted.suffix, noted.nicknames, noted.emails, noted.phones, noted.urls, noted.ims,
        noted.addresses, noted.organization, noted.department, noted.title, noted."role",
        noted.birthday, noted.anniversary, noted.death_date, noted.categories, noted.related,
        noted.whole_note, noted.has_photo, noted.first_met
    ) as content_hash
from noted
where
    -- A UID, a photo or a category is nobody.
    coalesce(
        nullif(trim(noted.full_name), ''), noted.given, noted.family, noted.organization,
        noted.department,
        noted.title, noted."role", nullif(noted.whole_note, ''), noted.nicknames[1],
        noted.emails[1].value, noted.phones[1].value, noted.urls[1].value, noted.ims[1].value,
        noted.related[1].name
    ) is not null
    or len(noted.addresses) > 0
    or coalesce(noted.birthday, noted.anniversary, noted.death_date) is not null
