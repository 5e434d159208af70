-- Who is listed no longer, nor as part of anybody.
-- on: layers, previous
select before.display_name
from previous.main.people as before
left join identity.record_persons on before.person_id = record_persons.record_id
left join main.people on coalesce(record_persons.person_id, before.person_id) = people.person_id
where people.person_id is null
order by before.display_name, before.person_id
