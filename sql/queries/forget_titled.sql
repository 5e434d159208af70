-- The items whose title alone names a person: meetings without guests are theirs too.
-- $1: person_id
-- on: layers
select coalesce(list(distinct meetings.item_id), [])
from history.interactions
inner join staging.meetings on interactions.meeting_id = meetings.meeting_id
where interactions.person_id = $1 and interactions.kind = 'title'
