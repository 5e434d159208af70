-- One row per record and e-mail address, of cards and attendees alike.
-- key: record_id, email
-- is_provider: the domain is that of a company that gives mailboxes to everybody
-- is_household: a family's by what stands before the @: limafamily@, familie.berg@
-- employer: the domain's own name in bare letters, for comparing with organizations; null for
-- providers and families
-- ordinal: its place in the card, from 1; preferred ones first
with addresses as (
    select
        card_emails.record_id,
        card_emails.email,
        card_emails.match_key,
        card_emails.local_part,
        card_emails.domain,
        row_number() over (
            partition by card_emails.record_id
            order by card_emails.is_preferred desc, card_emails.ordinal asc
        ) as ordinal
    from staging.card_emails
    union all
    select
        invited_addresses.record_id,
        invited_addresses.email,
        invited_addresses.match_key,
        invited_addresses.local_part,
        invited_addresses.domain,
        1 as ordinal
    from staging.invited_addresses
),

-- A domain's own name, without what stands behind the last dots; two-letter countries often keep a
-- level of their own: example.co.uk.
labels as (
    select
        addresses.domain,
        coalesce(
            nullif(
                regexp_extract(
                    addresses.domain,
                    '([^.]+)[.](?:co|com|org|ac|gov|net|edu|or|ne|gob|gouv)[.][a-z][a-z]$',
                    1
                ),
                ''
            ),
            nullif(regexp_extract(addresses.domain, '([^.]+)[.][^.]+$', 1), ''),
            addresses.domain
        ) as label
    from addresses
    group by addresses.domain
),

domains as (
    select
        labels.domain,
        providers.word is not null as is_provider,
        nullif(
            regexp_replace(
                regexp_replace(
                    labels.label, '-(corp|group|inc|gmbh|ag|ltd|llc|hq|global|online)$', ''
                ),
                '[^a-z0-9]',
                '',
                'g'
            ),
            ''
        ) as named_employer
    from labels
    left join raw.listed('mail_providers') as providers on labels.label = providers.word
),

local_parts as (
    select distinct
        addresses.local_part,
        rtrim(addresses.local_part, '0123456789') as letters,
        unnest(string_split_regex(addresses.local_part, '[^a-z]+')) as word
    from addresses
),

-- A short word may be a part of any name: it has to stand alone.
household_words as (
    select
        family_circles.word,
        length(family_circles.word) < 6 as stands_alone
    from raw.listed('family_circles') as family_circles
    where regexp_full_match(family_circles.word, '[a-z]+')
),

households as (
    select distinct local_parts.local_part
    from local_parts
    inner join household_words
        on
            local_parts.word = household_words.word
            or (
                not household_words.stands_alone
                and (
                    starts_with(local_parts.letters, household_words.word)
                    or ends_with(local_parts.letters, household_words.word)
                )
            )
)

select
    addresses.record_id,
    addresses.email,
    addresses.match_key,
    addresses.local_part,
    addresses.domain,
    domains.is_provider,
    households.local_part is not null as is_household,
    case
        when not domains.is_provider and households.local_part is null then domains.named_employer
    end as employer,
    addresses.ordinal
from addresses
inner join domains using (domain)
left join households using (local_part)
