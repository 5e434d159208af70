-- One row per record of an office or a machine: every address is impersonal and no human is named.
-- key: record_id
-- record_id: the card, or the attendee's address
-- kind: role, no_reply, list or service
with addresses as (
    select * from identity.addresses
),

names as (
    select * from identity.names
),

role_addresses as (
    select * from identity.role_addresses
),

service_domains as (
    select * from identity.service_domains
),

domains as (
    select * from identity.domains
),

nicknames as (
    select * from identity.nicknames
),

impersonal as (
    select
        addresses.record_id,
        min(coalesce(role_addresses.kind, 'service')) as kind
    from addresses
    left join role_addresses
        on regexp_replace(addresses.local_part, '[^a-z]', '', 'g') = role_addresses.local_part
    left join service_domains on addresses.domain = service_domains.domain
    group by addresses.record_id
    having bool_and(role_addresses.kind is not null or service_domains.domain is not null)
),

name_words as (
    select
        names.record_id,
        unnest(names.words) as word
    from names
    where names.origin <> 'address'
),

-- "Granite Accounts", "Ana from Granite", a bare "Support" and "Granite" at granite.example name
-- an office; "Ana Lima" at office@lima.example names a human.
office_names as (
    select name_words.record_id
    from name_words
    inner join role_addresses on name_words.word = role_addresses.local_part
    union
    select name_words.record_id
    from name_words
    where name_words.word = 'from'
    union
    select names.record_id
    from names
    inner join addresses on names.record_id = addresses.record_id
    inner join domains on addresses.domain = domains.domain
    anti join nicknames as given on names.first_word = given.formal
    anti join nicknames as short on names.first_word = short.nickname
    where
        length(names.first_word) > 3
        and starts_with(domains.employer, names.first_word)
),

humans as (
    select names.record_id
    from names
    anti join office_names on names.record_id = office_names.record_id
    where names.origin <> 'address' and names.n_words between 2 and 5
),

final as (
    select
        impersonal.record_id,
        impersonal.kind
    from impersonal
    left join humans on impersonal.record_id = humans.record_id
    -- whatever name a machine writes under ("Ana Lima via Forum"), it is a machine
    where humans.record_id is null or impersonal.kind <> 'role'
)

select * from final
