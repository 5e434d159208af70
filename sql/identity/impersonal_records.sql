-- One row per record of an office or a machine: every address is impersonal and no human is named.
-- key: record_id
-- kind: role, no_reply, list or service
with impersonal as (
    select
        addresses.record_id,
        min(coalesce(role_addresses.value, 'service')) as kind
    from identity.addresses
    left join raw.listed('role_addresses') as role_addresses
        on regexp_replace(addresses.local_part, '[^a-z]', '', 'g') = role_addresses.word
    left join raw.listed('service_domains') as service_domains
        on addresses.domain = service_domains.word
    group by addresses.record_id
    having bool_and(role_addresses.value is not null or service_domains.word is not null)
),

-- Whoever is invited by the address of one human's card and by no name is that human.
nameless as (
    select invited_addresses.record_id
    from staging.invited_addresses
    semi join identity.role_addresses_of_one using (match_key)
    left join raw.name_keys using (name)
    where coalesce(name_keys.name_key, '') = ''
),

named as (
    select record_kinds.record_id
    from identity.record_kinds
    where record_kinds.has_human_name
    union
    select nameless.record_id from nameless
)

select
    impersonal.record_id,
    impersonal.kind
from impersonal
left join named on impersonal.record_id = named.record_id
-- whatever name a machine writes under ("Ana Lima via Forum"), it is a machine
where named.record_id is null or impersonal.kind <> 'role'
