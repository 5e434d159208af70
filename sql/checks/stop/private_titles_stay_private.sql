-- The title of a private meeting appears nowhere but in raw and staging.
select last_contacts.meeting_id
from main.last_contacts
inner join staging.meetings on last_contacts.meeting_id = meetings.meeting_id
where meetings.is_private and last_contacts.title is not null
