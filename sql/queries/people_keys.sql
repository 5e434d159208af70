-- The keys by which a decision names a person.
-- $1: person_id, $2: the table of records
-- on: book, layers
select unnest(record_keys) as record_key
from query_table($2)
where person_id = $1
order by record_id
limit 20
