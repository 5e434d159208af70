-- One row per card of somebody: the newest version of each, tombstones included, groups left out.
-- key: record_id
-- record_id: the number once given to this card
-- item_id: the item it was read from
-- source: the source that has it
-- collection: the address book in that source
-- uid: the card's own UID, if it has one
-- kind: individual, organization or unknown
-- full_name: the name as shown (FN)
-- name_in_parts: the name put together from its parts as "Family, Given Middle"
-- given: given name
-- middle: further given names
-- family: family name
-- nicknames: nicknames as the card lists them
-- organization: employer or company
-- department: department in it
-- title: job title
-- city: city of the first address that names one
-- country: country of the first address that names one
-- language: language tag, if the card has one
-- categories: the card's categories
-- note: the free text
-- birthday: year, month and day, each null where unknown
-- anniversary: year, month and day, each null where unknown
-- first_met_date: the day they first met, where the source says so
-- is_gone: the source no longer has this card
-- is_deceased_hint: a date of death, or a word or sign in the name or note that says so
-- first_seen_at: when it was first pulled
-- gone_at: when it was last missed
with contacts as (
    select * from raw.contacts
),

-- Chosen by number alone: the cards themselves are too wide to be put in order.
newest_items as (
    select contacts.item_id
    from contacts
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
    from contacts
    semi join newest_items on contacts.item_id = newest_items.item_id
),

final as (
    select
        newest.record_id,
        newest.item_id,
        newest.source,
        newest.collection,
        newest.uid,
        coalesce(newest.kind, 'unknown') as kind,
        nullif(trim(newest.full_name), '') as full_name,
        coalesce(
            case
                when newest.family is not null and newest.given is not null
                    then concat_ws(
                        ', ', newest.family, concat_ws(' ', newest.given, newest.middle)
                    )
            end,
            newest.family,
            newest.given
        ) as name_in_parts,
        newest.given,
        newest.middle,
        newest.family,
        coalesce(newest.nicknames, []) as nicknames,
        nullif(trim(newest.organization), '') as organization,
        newest.department,
        newest.title,
        list_filter(newest.addresses, lambda address: address.city <> '')[1].city as city,
        list_filter(newest.addresses, lambda address: address.country <> '')[1].country as country,
        newest.language,
        coalesce(newest.categories, []) as categories,
        newest.note,
        struct_pack(
            year := newest.birthday.year,
            month := newest.birthday.month,
            day := newest.birthday.day
        ) as birthday,
        struct_pack(
            year := newest.anniversary.year,
            month := newest.anniversary.month,
            day := newest.anniversary.day
        ) as anniversary,
        newest.first_met as first_met_date,
        newest.gone_at is not null as is_gone,
        newest.death_date is not null
        or regexp_matches(
            concat_ws(' ', newest.full_name, newest.suffix, newest.note),
            '[†✝]|\bR\.?I\.?P\b'
        )
        or regexp_matches(
            lower(concat_ws(' ', newest.full_name, newest.suffix, newest.note)),
            '\b(deceased|passed away|rest in peace|in memoriam|verstorben|gestorben|overleden'
            || '|décédée?|fallecid[oa]|falecid[oa]|defunt[oa]|zmarła?|avlid(en|na))'
        ) as is_deceased_hint,
        newest.first_seen_at,
        newest.gone_at
    from newest
)

select * from final
