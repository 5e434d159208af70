-- One row: people with a card, those of them that a calendar knows, people without, and meetings.
-- on: book
select
    count(*) filter (where people.has_card) as with_card,
    count(*) filter (where people.has_card and last_contacts.person_id is not null) as met,
    count(*) filter (where not people.has_card) as without_card,
    (select count(*) from main.meetings) as meetings
from main.people
left join main.last_contacts on people.person_id = last_contacts.person_id
where not people.is_owner and people.kind = 'person'
