-- One row per owner and record that is the owner: it has one of the owner's own addresses.
-- key: owner_id, record_id
-- owner_id: the owner
-- record_id: the card, or the attendee's address
with points as (
    select * from identity.points
),

personal_points as (
    select * from identity.personal_points
),

attendees as (
    select * from staging.attendees
),

owner_emails as (
    select * from staging.owner_emails
),

settings as (
    select * from raw.settings
),

-- An address that the owner shares with somebody of another name makes that one no owner.
owning as (
    select
        owner_emails.owner_id,
        points.record_id
    from owner_emails
    inner join points on owner_emails.match_key = points.point and points.kind = 'email'
    inner join personal_points on points.point_id = personal_points.point_id
    where personal_points.reason is distinct from 'shared'
    union
    select
        owner_emails.owner_id,
        attendees.record_id
    from owner_emails
    inner join attendees on owner_emails.match_key = attendees.match_key
    union
    select
        settings.owner_id,
        attendees.record_id
    from attendees
    cross join settings
    where attendees.is_owner
),

final as (
    select
        owning.owner_id,
        owning.record_id
    from owning
)

select * from final
