-- What the last meeting with each of these people was called.
-- $1: person_ids
-- on: book
select
    interactions.person_id,
    arg_max(meetings.title, interactions.interaction_date) as title
from main.interactions
inner join main.meetings on interactions.meeting_id = meetings.meeting_id
where
    interactions.is_counted and meetings.title is not null
    and interactions.person_id in (select unnest($1::bigint[]))
group by interactions.person_id
