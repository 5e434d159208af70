-- Who lives or works in a place, the closest first: a city that begins with it, or has a word that
-- does.
-- $1: the place as typed
-- on: book
with
wanted as (
    select strip_accents(lower(trim($1))) as place
),

cities as (
    select
        people.person_id,
        people.city
    from main.people
    union
    select
        contact_details.person_id,
        contact_details.value as city
    from main.contact_details
    where contact_details.field = 'city' and not contact_details.is_gone
),

there as (
    select
        cities.person_id,
        min(cities.city) as city
    from cities cross join wanted
    where
        starts_with(strip_accents(lower(cities.city)), wanted.place)
        or contains(strip_accents(lower(cities.city)), ' ' || wanted.place)
    group by cities.person_id
)

select
    people.person_id,
    people.display_name,
    there.city,
    people.organization,
    ties.layer,
    ties.last_contact_date,
    people.phones[1] as phone,
    people.emails[1] as email
from there
inner join main.people on there.person_id = people.person_id
left join main.ties on there.person_id = ties.person_id
where not people.is_owner and people.kind = 'person' and not people.is_deceased_hint
order by ties.strength_rank nulls last, people.display_name, people.person_id
