-- One row per occurrence and guest of it, the organiser included: by address, phone or name.
-- key: meeting_id, record_id, phone, name
-- record_id: the number of the address, null for somebody invited without one
-- phone: the number, as written, of somebody invited by phone
-- name: the name of somebody without an address, null for the others
-- n_seats: people this row stands for: 1, or how many of one name, and whom they bring along
-- reply_rank: 4 accepted, 3 tentative, 2 declined, 1 not answered, 0 not said
-- is_reply_kept: they are down as not answered now, and replied before: that stands once it is over
-- is_human: not a room, a resource or a list
-- is_owner: the source says that this is the account's owner
with numbered as not materialized (
    select
        meetings.meeting_id,
        meetings.organizer,
        meetings.attendees,
        list_transform(meetings.attendees, lambda attendee: attendee.record_id) as record_ids,
        -- nulls are none of the unique ones, so that these are all who cannot be told by a number
        list_unique(list_transform(meetings.attendees, lambda attendee: attendee.record_id))
        < len(meetings.attendees) as may_repeat
    from raw.meetings
    where meetings.gone_at is null
),

-- Only the fields that are read: whole structs would be copied for each attendee.
invited as (
    select
        numbered.meeting_id,
        numbered.organizer.record_id as organizer_id,
        numbered.may_repeat,
        unnest(numbered.attendees) as invited
    from numbered
),

organized as (
    select
        numbered.meeting_id,
        numbered.organizer
    from numbered
    where
        coalesce(numbered.organizer.email, numbered.organizer.name, numbered.organizer.phone)
        is not null
        and not coalesce(list_contains(numbered.record_ids, numbered.organizer.record_id), false)
),

together as (
    select
        invited.meeting_id,
        invited.invited.record_id,
        invited.invited.phone,
        invited.invited.name,
        invited.invited.reply,
        invited.invited.kind,
        coalesce(invited.invited.record_id = invited.organizer_id, false) as is_organizer,
        invited.invited.is_owner,
        invited.invited.additional_guests,
        invited.may_repeat
    from invited
    union all
    select
        organized.meeting_id,
        organized.organizer.record_id,
        organized.organizer.phone,
        organized.organizer.name,
        organized.organizer.reply,
        organized.organizer.kind,
        true as is_organizer,
        organized.organizer.is_owner,
        organized.organizer.additional_guests,
        organized.organizer.record_id is null as may_repeat
    from organized
),

-- A server that takes a reply back when the guest moves the event takes no meeting back.
kept_replies as (
    select
        meetings.meeting_id,
        given_replies.record_id,
        given_replies.reply
    from raw.given_replies
    inner join raw.meetings
        on
            given_replies.item_id = meetings.item_id
            and given_replies.recurrence_id = coalesce(meetings.recurrence_id, '')
    cross join raw.settings
    where
        meetings.gone_at is null
        and coalesce(
            coalesce(meetings.ends_at, meetings.starts_at) < settings.as_of,
            meetings.end_date <= settings.as_of_date
        )
),

guests as (
    select
        together.meeting_id,
        together.record_id,
        case when together.record_id is null then together.phone end as phone,
        case when together.record_id is null then nullif(trim(together.name), '') end as name,
        case coalesce(kept_replies.reply, together.reply)
            when 'accepted' then 4
            when 'tentative' then 3
            when 'declined' then 2
            when 'needs-action' then 1
            when 'delegated' then 1
            else 0
        end::tinyint as reply_rank,
        kept_replies.reply is not null as is_reply_kept,
        coalesce(together.kind, 'individual') in ('individual', 'unknown') as is_human,
        together.is_organizer,
        coalesce(together.is_owner, false) as is_owner,
        coalesce(together.additional_guests, 0) as n_guests,
        together.may_repeat
    from together
    left join kept_replies
        on
            together.meeting_id = kept_replies.meeting_id
            and together.record_id = kept_replies.record_id
            and together.reply = 'needs-action'
)

select
    guests.* exclude (guests.n_guests, guests.may_repeat),
    1 + guests.n_guests as n_seats
from guests
where not guests.may_repeat
union all by name
select
    guests.meeting_id,
    guests.record_id,
    guests.phone,
    guests.name,
    -- who organises without an address is among the guests as well, under the same name
    (
        case
            when guests.record_id is null
                then greatest(count(*) filter (where not guests.is_organizer), 1)
            else 1
        end
        + case when guests.record_id is null then sum(guests.n_guests) else max(guests.n_guests) end
    )::integer as n_seats,
    max(guests.reply_rank) as reply_rank,
    bool_or(guests.is_reply_kept) as is_reply_kept,
    bool_and(guests.is_human) as is_human,
    bool_or(guests.is_organizer) as is_organizer,
    bool_or(guests.is_owner) as is_owner
from guests
where guests.may_repeat
group by guests.meeting_id, guests.record_id, guests.phone, guests.name
