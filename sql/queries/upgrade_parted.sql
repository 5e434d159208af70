-- Who is listed separately now, and had a record when the book before was made.
-- $1: when that was
-- on: layers, previous
select people.display_name
from main.people
inner join raw.record_ids on people.person_id = record_ids.record_id
where
    record_ids.given_at < $1::timestamptz
    and people.person_id not in (select before.person_id from previous.main.people as before)
order by people.display_name, people.person_id
