-- One row: whose book it is and of which day, and how many stand in it.
-- on: book
select
    settings.as_of_date as today,
    settings.time_zone,
    settings.max_attendees,
    (
        select any_value(owners.display_name) from main.people as owners
        where owners.is_owner
    ) as owner_name,
    count(people.person_id) filter (where people.kind = 'person' and not people.is_owner) as people,
    count(ties.strength_rank) as ties
from main.settings
left join main.people on not people.is_deceased_hint
left join main.ties on people.person_id = ties.person_id
group by all
