-- One row: the records of a person and the keys of these.
-- $1: person_id
-- on: layers
select
    coalesce(list(record_id), []) as records,
    coalesce(flatten(list(record_keys)), []) as keys
from identity.record_persons
where person_id = $1
