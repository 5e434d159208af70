-- Of whom a card says that they have died.
-- on: book
select
    person_id,
    display_name
from main.people
where is_deceased_hint and not is_owner
order by display_name, person_id
