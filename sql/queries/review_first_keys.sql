-- The key of the first record of each of these people: it numbers them, and names them in a
-- decision.
-- $1: person_ids
-- on: book
select
    person_id,
    arg_min(record_keys[1], record_id) as record_key
from main.records
where person_id in (select unnest($1::bigint[]))
group by person_id
