-- One row: whose book it is, of which day, and how many ties are in it.
-- on: book
select
    settings.as_of_date as today,
    (
        select any_value(owners.display_name) from main.people as owners
        where owners.is_owner
    ) as owner_name,
    count(ties.strength_rank) as ties
from main.settings
left join main.people on not people.is_deceased_hint
left join main.ties on people.person_id = ties.person_id
group by all
