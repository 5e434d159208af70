-- One row per owner and e-mail domain of their own employers: who writes from there is a colleague.
-- key: owner_id, domain
-- owner_id: the owner
-- domain: the domain in lower case; its subdomains are meant too
with domains as (
    select
        owners.owner_id,
        unnest(owners.own_domains) as domain
    from raw.owners
)

select distinct
    domains.owner_id,
    lower(trim(domains.domain)) as domain
from domains
