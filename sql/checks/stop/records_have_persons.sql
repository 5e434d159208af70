-- Every record that belongs to a person belongs to one that is there.
select
    record_persons.record_id,
    record_persons.person_id
from identity.record_persons
anti join identity.persons on record_persons.person_id = persons.person_id
