-- The next meetings with somebody.
-- $1: person_id
-- on: book
select
    start_date,
    title
from main.upcoming
where person_id = $1
order by start_date limit 3
