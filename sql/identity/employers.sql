-- One row per entry and employer that it names, by organization or by the domain of an address.
-- key: record_id, employer, origin
-- employer: the organization or domain in bare letters, legal form left out
-- employer_stem: its first six letters
-- origin: organization or domain
with named as (
    select
        record_entries.entry_id as record_id,
        card_traits.employer,
        'organization' as origin
    from identity.card_traits
    inner join identity.record_entries using (record_id)
    where card_traits.employer is not null
    union
    select
        record_entries.entry_id as record_id,
        addresses.employer,
        'domain' as origin
    from identity.addresses
    inner join identity.record_entries on addresses.record_id = record_entries.record_id
    where addresses.employer is not null
)

select
    named.record_id,
    named.employer,
    left(named.employer, 6) as employer_stem,
    named.origin
from named
where length(named.employer) >= 2
