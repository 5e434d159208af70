-- One row per owner, person and meeting to which one asked the other, or somebody else both: who
-- asked, and what each answered. What was cancelled and second copies are left out.
-- key: owner_id, person_id, meeting_id
-- owner_id: the owner
-- person_id: the other
-- display_name: their name
-- meeting_id: the meeting (main.meetings)
-- meeting_date: the day it starts, in the owner's zone
-- is_over: it has ended
-- n_people: people in it who did not decline, the owner included
-- asked_by: owner, person or other
-- reply: what the person answered: accepted, tentative, declined or never answered; null for who
-- asked, and where the calendar keeps no replies
-- owner_reply: what the owner answered, likewise
with owner_replies as (
    select
        participations.meeting_id,
        max(participations.reply_rank) as reply_rank
    from history.participations
    where participations.is_owner
    group by participations.meeting_id
)

select
    persons.owner_id,
    persons.person_id,
    persons.display_name,
    occasions.meeting_id,
    occasions.start_date as meeting_date,
    occasions.is_over,
    occasions.n_people,
    case
        when occasions.is_owner_organizer then 'owner'
        when participations.is_organizer then 'person'
        else 'other'
    end as asked_by,
    case when asked_by <> 'person' then raw.reply_words(participations.reply_rank) end as reply,
    case when asked_by <> 'owner' then raw.reply_words(owner_replies.reply_rank) end as owner_reply
from history.participations
inner join history.occasions using (meeting_id)
inner join identity.persons using (person_id)
left join owner_replies using (meeting_id)
where
    participations.is_human
    and not participations.is_owner
    and persons.kind = 'person'
    and not persons.is_owner
    and not persons.is_resting
    and coalesce(occasions.excluded_reason, '') not in (
        'deleted', 'same_meeting', 'own_follow_up', 'cancelled'
    )
