-- Who could introduce the owner to somebody.
-- $1: person_id
-- on: book
select
    introducer_name,
    shared_meetings
from main.introducers
where person_id = $1
order by ordinal limit 3
