-- One row per owner and person that is the owner.
-- key: owner_id, person_id
-- owner_id: the owner
-- person_id: the person
select distinct
    owner_records.owner_id,
    record_persons.person_id
from identity.owner_records
inner join identity.record_persons on owner_records.record_id = record_persons.record_id
