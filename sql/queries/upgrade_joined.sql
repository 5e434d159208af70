-- Who is part of another person now.
-- on: layers, previous
select before.display_name || ' → ' || people.display_name
from previous.main.people as before
inner join identity.record_persons on before.person_id = record_persons.record_id
inner join main.people on record_persons.person_id = people.person_id
where before.person_id <> people.person_id
order by before.display_name, before.person_id
