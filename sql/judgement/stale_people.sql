-- One row per owner and person whose last evidence comes from stale collections alone: it may be
-- out of date, so that no check-in opens on it.
-- key: owner_id, person_id
-- owner_id: the owner
-- person_id: the person
select
    interactions.owner_id,
    interactions.person_id
from history.interactions
inner join judgement.strengths
    on
        interactions.owner_id = strengths.owner_id
        and interactions.person_id = strengths.person_id
        and interactions.interaction_date = strengths.last_contact_date
left join staging.meetings on interactions.meeting_id = meetings.meeting_id
left join history.links
    on
        interactions.kind = 'follow_up'
        and interactions.uid = links.uid
left join staging.tasks
    on
        interactions.kind = 'task'
        and interactions.source = tasks.source
        and interactions.uid = tasks.uid
left join judgement.stale_collections
    on
        interactions.source = stale_collections.source
        and coalesce(meetings.collection, links.collection, tasks.collection)
        = stale_collections.collection
where interactions.excluded_reason is null
group by
    interactions.owner_id,
    interactions.person_id
having bool_and(coalesce(stale_collections.is_stale, false))
