-- One row per occurrence and address invited to it, the organiser included.
-- meeting_id: the occurrence, as in staging.meetings
-- record_id: the number of the address, null for somebody named without one
-- reply_rank: 4 accepted, 3 tentative, 2 declined, 1 not answered, 0 not said
-- is_human: not a room, a resource or a list
-- is_organizer: this address organises it
-- is_owner: the source says that this is the account's owner
with meetings as not materialized (
    select * from raw.meetings
),

numbered as not materialized (
    select
        meetings.item_id * 134217728 + (
            case
                when meetings.is_all_day
                    then datediff('day', date '1970-01-01', meetings.start_date) * 1440
                else floor(epoch(meetings.starts_at) / 60.0::double)::bigint
            end + 67108864
        ) % 134217728 as meeting_id,
        meetings.organizer,
        meetings.attendees
    from meetings
    where meetings.gone_at is null
),

-- Only the fields that are read: whole structs would be copied for each attendee.
invited as (
    select
        numbered.meeting_id,
        numbered.organizer.record_id as organizer_id,
        unnest(numbered.attendees) as invited
    from numbered
),

organized as (
    select
        numbered.meeting_id,
        numbered.organizer
    from numbered
    where
        coalesce(numbered.organizer.email, numbered.organizer.name) is not null
        and not coalesce(
            list_contains(
                list_transform(numbered.attendees, lambda attendee: attendee.record_id),
                numbered.organizer.record_id
            ),
            false
        )
),

together as (
    select
        invited.meeting_id,
        invited.invited.record_id,
        invited.invited.reply,
        invited.invited.kind,
        coalesce(invited.invited.record_id = invited.organizer_id, false) as is_organizer,
        invited.invited.is_owner
    from invited
    union all
    select
        organized.meeting_id,
        organized.organizer.record_id,
        organized.organizer.reply,
        organized.organizer.kind,
        true as is_organizer,
        organized.organizer.is_owner
    from organized
),

final as (
    select
        together.meeting_id,
        together.record_id,
        case together.reply
            when 'accepted' then 4
            when 'tentative' then 3
            when 'declined' then 2
            when 'needs-action' then 1
            when 'delegated' then 1
            else 0
        end::tinyint as reply_rank,
        coalesce(together.kind, 'individual') in ('individual', 'unknown') as is_human,
        together.is_organizer,
        coalesce(together.is_owner, false) as is_owner
    from together
)

select * from final
