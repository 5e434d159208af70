-- One row per occurrence and address invited to it, the organiser included.
-- meeting_id: the occurrence, as in staging.meetings
-- record_id: the number of the address, null for somebody named without one
-- reply_rank: 4 accepted, 3 tentative, 2 declined, 1 not answered, 0 not said
-- is_human: not a room, a resource or a list
-- is_organizer: this address organises it
-- is_owner: the source says that this is the account's owner
with meetings as (
    select * from raw.meetings
),

invited as (
    select
        meetings.item_id * 134217728 + (
            case
                when meetings.is_all_day
                    then datediff('day', date '1970-01-01', meetings.start_date) * 1440
                else floor(epoch(meetings.starts_at) / 60.0::double)::bigint
            end + 67108864
        ) % 134217728 as meeting_id,
        meetings.organizer.record_id as organizer_id,
        unnest(
            case
                when coalesce(meetings.organizer.email, meetings.organizer.name) is null
                    then meetings.attendees
                else list_append(coalesce(meetings.attendees, []), meetings.organizer)
            end
        ) as invited
    from meetings
    where meetings.gone_at is null
),

final as (
    select
        invited.meeting_id,
        invited.invited.record_id as record_id,
        case invited.invited.reply
            when 'accepted' then 4
            when 'tentative' then 3
            when 'declined' then 2
            when 'needs-action' then 1
            when 'delegated' then 1
            else 0
        end::tinyint as reply_rank,
        coalesce(invited.invited.kind, 'individual') in ('individual', 'unknown') as is_human,
        coalesce(invited.invited.record_id = invited.organizer_id, false) as is_organizer,
        coalesce(invited.invited.is_owner, false) as is_owner
    from invited
)

select * from final
