-- Who would be due if they were chosen, for the first screen after an import.
-- on: book
select
    people.display_name,
    ties.last_contact_date,
    ties.usual_words
from main.ties
inner join main.people on ties.person_id = people.person_id
where
    people.kind = 'person' and not people.is_owner and not people.is_colleague
    and not people.is_deceased_hint
    and ties.state in ('overdue', 'lapsed', 'dormant')
order by ties.best_layer_size, ties.strength_rank
limit 5
