-- Who is taken for a person only now.
-- on: layers, previous
select people.display_name
from previous.main.people as before
inner join main.people using (person_id)
where before.kind <> 'person' and people.kind = 'person'
order by people.display_name, people.person_id
