-- One row per record whose name ends like a business's and that accepted a meeting of two.
-- key: record_id
-- record_id: the card's or attendee's address
-- n_meetings: how many the two of them had, each accepted by both
with addresses as (
    select record_kinds.record_id
    from identity.record_kinds
    semi join staging.attendees on record_kinds.record_id = attendees.record_id
    where record_kinds.grounds = 'end' and record_kinds.kind <> 'person'
),

theirs as (
    select
        attendances.meeting_id,
        attendances.record_id
    from staging.attendances
    semi join addresses on attendances.record_id = addresses.record_id
    where attendances.is_human and attendances.reply_rank = 4
),

met as (
    select
        attendances.meeting_id,
        count(*) as n_people,
        bool_or(attendances.is_owner or owner_records.record_id is not null) as has_owner
    from staging.attendances
    semi join theirs on attendances.meeting_id = theirs.meeting_id
    left join identity.owner_records on attendances.record_id = owner_records.record_id
    where attendances.reply_rank <> 2
    group by attendances.meeting_id
)

select
    theirs.record_id,
    count(*) as n_meetings
from theirs
inner join met on theirs.meeting_id = met.meeting_id
inner join staging.meetings on theirs.meeting_id = meetings.meeting_id
where met.n_people = 2 and met.has_owner and meetings.status = 'confirmed'
group by theirs.record_id
