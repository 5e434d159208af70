-- Who was taken for a person and is none now, and why.
-- on: layers, previous
select people.display_name || ' (' || people.kind_reason || ')'
from previous.main.people as before
inner join main.people using (person_id)
where before.kind = 'person' and people.kind <> 'person'
order by people.display_name, people.person_id
