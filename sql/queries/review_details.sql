-- What is known of these people, a row each thing and source.
-- $1: person_ids
-- on: book
select
    person_id,
    field,
    value,
    source
from main.contact_details
where
    person_id in (select unnest($1::bigint[]))
    and field in ('name', 'email', 'phone', 'organization', 'city', 'birthday')
group by person_id, field, value, source
order by person_id, list_position(
    ['name', 'email', 'phone', 'organization', 'city', 'birthday'], field
), value, source
