-- The thirty likeliest people to keep in touch with, the closest first.
-- $1: person_ids of those already decided on
-- on: book
select
    people.person_id,
    people.display_name,
    people.organization,
    ties.strength_rank,
    ties.last_contact_date,
    ties.contact_day_count,
    ties.usual_words,
    case when ties.cadence_source = 'circle' then ties.cadence_days end as circle_days
from main.people
inner join main.ties on people.person_id = ties.person_id
where
    people.kind = 'person'
    and not people.is_owner
    and not people.is_colleague
    and not people.is_deceased_hint
    and people.person_id not in (select unnest($1::bigint[]))
order by ties.strength_rank
limit 30
