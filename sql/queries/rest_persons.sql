-- Whom decisions name.
-- $1: record keys
-- on: book
select distinct person_id
from main.records
where list_has_any(record_keys, $1::varchar[])
