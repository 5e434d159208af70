-- One row per owner, person and occasion on which they may have been in touch; those that count
-- have no excluded_reason.
-- key: owner_id, person_id, meeting_id, uid
-- owner_id: the owner
-- person_id: the other
-- display_name: their name
-- interaction_kind: meeting, large_series, title (a meeting that only names them), name (a guest
-- without an address, known by the name alone), reply_kept, not_answered, log, follow_up or task:
-- main.contact_rules says what each counts for
-- kind: the old name of interaction_kind, for a release
-- interaction_date: the day, in the owner's zone
-- happened_at: when it began; null where only the day is known
-- meeting_id: the meeting, if it was one (main.meetings)
-- uid: the task or decision, if it was one
-- source: where we know it from; null for what the owner told us
-- n_people: how many were there, the owner included
-- weight: what it counts for in the strength of the tie
-- initiated_by: owner or person; null when somebody else organised it or nobody knows
-- is_counted: it counts
-- excluded_reason: the first rule that keeps it from counting; null when it counts
select
    interactions.owner_id,
    interactions.person_id,
    persons.display_name,
    interactions.kind as interaction_kind,
    interactions.kind,
    interactions.interaction_date,
    interactions.happened_at,
    interactions.meeting_id,
    interactions.uid,
    interactions.source,
    interactions.n_people,
    interactions.weight,
    interactions.initiated_by,
    interactions.excluded_reason is null as is_counted,
    interactions.excluded_reason
from history.interactions
inner join identity.persons on interactions.person_id = persons.person_id
