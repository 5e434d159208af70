-- One row per owner and e-mail address of theirs, as the config states them.
-- key: owner_id, email
-- owner_id: the owner
-- email: the address in lower case
-- match_key: the address for matching: no +tag, and for Gmail neither dots nor googlemail
with owners as (
    select * from raw.owners
),

addresses as (
    select
        owners.owner_id,
        unnest(owners.emails) as address
    from owners
),

split as (
    select distinct
        addresses.owner_id,
        lower(trim(addresses.address)) as email,
        regexp_replace(
            regexp_extract(lower(trim(addresses.address)), '^(.+)@[^@]+$', 1),
            '^([^+]+)[+].*$',
            '\1'
        ) as untagged,
        regexp_replace(
            regexp_extract(lower(trim(addresses.address)), '@([^@]+)$', 1),
            '^googlemail[.]com$',
            'gmail.com'
        ) as domain
    from addresses
),

final as (
    select
        split.owner_id,
        split.email,
        case
            when split.domain = 'gmail.com' then replace(split.untagged, '.', '')
            else split.untagged
        end || '@' || split.domain as match_key
    from split
)

select * from final
