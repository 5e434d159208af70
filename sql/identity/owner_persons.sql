-- One row per person that is the owner: has one of the owner's own, personal addresses.
-- owner_id: the owner
-- person_id: the person
with record_persons as (
    select * from identity.record_persons
),

points as (
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
    select distinct
        owning.owner_id,
        record_persons.person_id
    from owning
    inner join record_persons on owning.record_id = record_persons.record_id
)

select * from final
