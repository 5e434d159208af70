-- The closest people, for the first screen after an import.
-- on: book
select
    people.display_name,
    ties.last_contact_date,
    ties.contact_day_count
from main.ties
inner join main.people on ties.person_id = people.person_id
where
    people.kind = 'person' and not people.is_owner and not people.is_deceased_hint
    and ties.strength_rank is not null
order by ties.strength_rank
limit 5
