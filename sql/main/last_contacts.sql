-- One row per owner and person ever in touch: the last time.
-- key: owner_id, person_id
-- owner_id: the owner
-- person_id: the person
-- display_name: their name
-- last_contact_date: the day, in the owner's zone
-- days_ago: days since
-- kind: meeting, large_series, title, name, log, follow_up or task
-- source: where we know it from; null for what the owner told us
-- meeting_id: the meeting, if it was one
-- title: its title, where it may be shown
select
    last_contacts.owner_id,
    last_contacts.person_id,
    persons.display_name,
    last_contacts.contact_date as last_contact_date,
    datediff('day', last_contacts.contact_date, settings.as_of_date) as days_ago,
    last_contacts.kind,
    last_contacts.source,
    last_contacts.meeting_id,
    last_contacts.title
from judgement.last_contacts
inner join identity.persons on last_contacts.person_id = persons.person_id
cross join raw.settings
