-- One row per entry and employer that it names, by organization or by the domain of an address.
-- key: record_id, employer, origin
-- employer: the organization or domain in bare letters, legal form left out
-- employer_stem: its first six letters
-- origin: organization or domain
with named as (
    select
        record_entries.entry_id as record_id,
        regexp_replace(
            regexp_replace(
                strip_accents(lower(cards.organization)),
                '[ ,]+(inc|incorporated|ltd|limited|llc|llp|plc|gmbh|ag|kg|ohg|ug|se|sa|sas|sarl'
                || '|srl|spa|bv|nv|ab|as|oy|aps|lda|sl|s[.]l[.]|s[.]a[.]|corp|corporation|co'
                || '|company|group|holding|holdings)[.]?$',
                ''
            ),
            '[^a-z0-9]',
            '',
            'g'
        ) as employer,
        'organization' as origin
    from staging.cards
    inner join identity.record_entries on cards.record_id = record_entries.record_id
    where cards.organization is not null
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
