-- Each record belongs to exactly one person.
select
    record_persons.record_id,
    count(*) as persons
from identity.record_persons
group by record_persons.record_id
having count(distinct record_persons.person_id) > 1
