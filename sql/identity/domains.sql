-- One row per e-mail domain seen: whose it is, an employer's or a provider's of mailboxes.
-- key: domain
-- domain: the domain in lower case
-- label: its own name, without what stands behind the last dots
-- is_provider: a company that gives mailboxes to everybody
-- employer: the label in bare letters, for comparing with organizations; null for providers
with domains as (
    select distinct addresses.domain from identity.addresses
),

labels as (
    select
        domains.domain,
        coalesce(
            -- two-letter countries often keep a level of their own: example.co.uk
            nullif(
                regexp_extract(
                    domains.domain,
                    '([^.]+)[.](?:co|com|org|ac|gov|net|edu|or|ne|gob|gouv)[.][a-z][a-z]$',
                    1
                ),
                ''
            ),
            nullif(regexp_extract(domains.domain, '([^.]+)[.][^.]+$', 1), ''),
            domains.domain
        ) as label
    from domains
),

-- Per company that gives mailboxes to everybody: its domains name no employer.
providers as (
    select distinct word as label
    from raw.words
    where list = 'mail_providers'
)

select
    labels.domain,
    labels.label,
    providers.label is not null as is_provider,
    case
        when providers.label is null
            then nullif(
                regexp_replace(
                    regexp_replace(
                        labels.label, '-(corp|group|inc|gmbh|ag|ltd|llc|hq|global|online)$', ''
                    ),
                    '[^a-z0-9]',
                    '',
                    'g'
                ),
                ''
            )
    end as employer
from labels
left join providers as providers on labels.label = providers.label
