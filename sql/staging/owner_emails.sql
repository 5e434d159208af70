-- One row per owner and e-mail address of theirs, as the config states them.
-- key: owner_id, email
-- owner_id: the owner
-- email: the address in lower case
-- match_key: the address for matching: no +tag, and for Gmail neither dots nor googlemail
with addresses as (
    select
        owners.owner_id,
        unnest(owners.emails) as written
    from raw.owners
)

select distinct
    addresses.owner_id,
    raw.email_address(addresses.written) as email,
    raw.email_key(raw.email_address(addresses.written)) as match_key
from addresses
where raw.email_address(addresses.written) is not null
