-- One row per meeting to come that nothing speaks against, and person in it.
-- key: owner_id, meeting_id, person_id
-- owner_id: the owner
-- meeting_id: the meeting
-- starts_at: when it starts
-- start_date: its day, in the owner's zone
-- is_all_day: it has dates and no times
-- title: the summary; null for private meetings
-- location: where; null for private meetings
-- n_people: people in it who did not decline, the owner included
-- person_id: somebody in it
-- display_name: their name
-- first_contact_date: the first day in touch; null if this is the first
-- last_contact_date: the last day in touch before it
-- layer: closest 5, closest 15, closest 50, closest 150 or beyond
-- strength_rank: 1 is the closest; null for somebody new
-- common_friends: the closest three who meet them too and do not come to this meeting
with invited as (
    select
        bookings.owner_id,
        bookings.person_id,
        unnest(bookings.meeting_ids) as meeting_id
    from judgement.bookings
),

friends_of as (
    select
        invited.meeting_id,
        invited.person_id,
        list(friends.display_name order by strengths.strength_rank)[:3] as names
    from invited
    inner join judgement.mutual_contacts using (person_id)
    inner join main.people as friends on mutual_contacts.friend_id = friends.person_id
    inner join judgement.strengths on mutual_contacts.friend_id = strengths.person_id
    anti join invited as guests
        on invited.meeting_id = guests.meeting_id and mutual_contacts.friend_id = guests.person_id
    group by invited.meeting_id, invited.person_id
)

select
    judged_people.owner_id,
    meetings.meeting_id,
    meetings.starts_at,
    meetings.start_date,
    meetings.is_all_day,
    case when not meetings.is_private then meetings.title end as title,
    case when not meetings.is_private then meetings.location end as location,
    occasions.n_people,
    judged_people.person_id,
    judged_people.display_name,
    strengths.first_contact_date,
    strengths.last_contact_date,
    coalesce(strengths.layer, 'beyond') as layer,
    strengths.strength_rank,
    coalesce(friends_of.names, []) as common_friends
from invited
inner join history.occasions on invited.meeting_id = occasions.meeting_id
inner join staging.meetings on invited.meeting_id = meetings.meeting_id
inner join identity.judged_people using (owner_id, person_id)
left join judgement.strengths using (owner_id, person_id)
left join friends_of
    on invited.meeting_id = friends_of.meeting_id and invited.person_id = friends_of.person_id
