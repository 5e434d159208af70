-- Whom the owner met for the first time within the year, who was seen again first: colleagues
-- aside, and nobody of the book's own first three months, where everybody is new.
-- on: book
with
bounds as (
    select min(ties.first_contact_date) as first_date from main.ties
),

faces as (
    select
        people.person_id,
        people.display_name,
        people.organization,
        ties.strength_rank,
        ties.first_contact_date,
        ties.last_contact_date,
        list(distinct datediff('day', settings.as_of_date, interactions.interaction_date) + 365)
            as days
    from main.ties
    inner join main.people on ties.person_id = people.person_id
    cross join main.settings
    cross join bounds
    inner join main.interactions on ties.person_id = interactions.person_id
    where
        ties.first_contact_date > settings.as_of_date - 365
        and ties.first_contact_date > bounds.first_date + 90
        and not ties.is_colleague
        and not people.is_deceased_hint
        and interactions.is_counted
    group by all
)

select
    faces.person_id,
    faces.display_name,
    faces.organization,
    faces.first_contact_date,
    faces.last_contact_date,
    list_sort(faces.days) as days,
    count(*) over () as n_faces,
    count(*) filter (where len(faces.days) > 1) over () as n_again
from faces
order by len(faces.days) desc, faces.first_contact_date desc, faces.strength_rank asc
limit 12
