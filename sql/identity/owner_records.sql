-- One row per owner and record that is the owner: it has one of the owner's own addresses.
-- key: owner_id, record_id
with owner_emails as (
    select
        owners.owner_id,
        unnest(owners.emails) as email
    from raw.owners
)

-- An address that the owner shares with somebody of another name makes that one no owner.
select
    owner_emails.owner_id,
    points.record_id
from owner_emails
inner join identity.points
    on raw.email_key(raw.email_address(owner_emails.email)) = points.point and points.kind = 'email'
inner join identity.classified_points using (point_id)
where classified_points.reason is distinct from 'shared'
union
select
    owner_emails.owner_id,
    invited_addresses.record_id
from owner_emails
inner join staging.invited_addresses
    on raw.email_key(raw.email_address(owner_emails.email)) = invited_addresses.match_key
union
select
    settings.owner_id,
    invited_addresses.record_id
from staging.invited_addresses
cross join raw.settings
where invited_addresses.is_owner
