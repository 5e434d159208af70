-- The last contacts with somebody.
-- $1: person_id
-- on: book
select
    interactions.*,
    meetings.title,
    meetings.location,
    contact_rules.words
from main.interactions
inner join main.contact_rules on interactions.kind = contact_rules.rule
left join main.meetings on interactions.meeting_id = meetings.meeting_id
where interactions.person_id = $1 and interactions.is_counted
order by interactions.interaction_date desc, interactions.happened_at desc
limit 5
