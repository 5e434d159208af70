-- Somebody whose card says that they died: no reminders meanwhile, and the user is asked once.
select
    'a card says that they died; they are left in peace' as problem,
    persons.display_name as place,
    'kithbook rest "' || replace(persons.display_name, '"', '') || '"' as hint
from identity.persons
where persons.is_deceased_hint and not coalesce(persons.is_resting, false)
