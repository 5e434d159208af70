-- With whom help went either way, the latest first.
-- on: book
select
    favours.person_id,
    favours.display_name,
    favours.gave,
    favours.asked
from main.favours
inner join main.people on favours.person_id = people.person_id
where not people.is_deceased_hint
order by favours.last_date desc, favours.person_id asc
limit 12
