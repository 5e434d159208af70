-- One row per card and e-mail address, of every card still known, tombstones included.
-- key: record_id, email
-- record_id: the card
-- email: the address in lower case
-- match_key: the address for matching: no +tag, and for Gmail neither dots nor googlemail
-- local_part: what stands before the @ of the match key
-- domain: what stands behind it
-- label: home, work, … as the card has it
-- is_preferred: the card marks it as the first choice
-- ordinal: its place in the card, from 1
with contacts as (
    select * from raw.contacts
),

entries as (
    select
        contacts.record_id,
        contacts.item_id,
        contacts.gone_at,
        unnest(contacts.emails) as entry,
        generate_subscripts(contacts.emails, 1) as ordinal
    from contacts
    where
        contacts.record_id is not null
        and coalesce(contacts.kind, 'unknown') not in ('group', 'location')
),

addresses as (
    select
        entries.record_id,
        entries.item_id,
        entries.gone_at,
        lower(trim(entries.entry.value)) as email,
        entries.entry.label,
        coalesce(entries.entry.is_preferred, false) as is_preferred,
        entries.ordinal
    from entries
),

split as (
    select
        addresses.*,
        regexp_replace(
            regexp_extract(addresses.email, '^(.+)@[^@]+$', 1), '^([^+]+)[+].*$', '\1'
        ) as untagged,
        regexp_replace(
            regexp_extract(addresses.email, '@([^@]+)$', 1), '^googlemail[.]com$', 'gmail.com'
        ) as domain
    from addresses
    where regexp_matches(addresses.email, '^[^@\s]+@[^@\s]+$')
    qualify row_number() over (
        partition by addresses.record_id, addresses.email
        order by addresses.gone_at desc nulls first, addresses.item_id desc, addresses.ordinal asc
    ) = 1
),

keyed as (
    select
        split.*,
        case
            when split.domain = 'gmail.com' then replace(split.untagged, '.', '')
            else split.untagged
        end as local_part
    from split
),

final as (
    select
        keyed.record_id,
        keyed.email,
        keyed.local_part || '@' || keyed.domain as match_key,
        keyed.local_part,
        keyed.domain,
        keyed.label,
        keyed.is_preferred,
        keyed.ordinal
    from keyed
)

select * from final
