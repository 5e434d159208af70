-- Somebody whose reminders were dismissed or ran out three times in a row.
select
    'dismissed three times: no reminders until you want them again' as problem,
    persons.display_name as place,
    'kithbook choose' as hint
from judgement.dismissals
inner join identity.persons on dismissals.person_id = persons.person_id
where dismissals.is_muted
