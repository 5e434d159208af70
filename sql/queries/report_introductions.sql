-- Who might like each other, the closest first.
-- on: book
select
    introductions.person_id,
    introductions.display_name,
    introductions.other_id,
    introductions.other_name,
    introductions.reason
from main.introductions
inner join main.people on introductions.person_id = people.person_id
inner join main.people as others on introductions.other_id = others.person_id
where not people.is_deceased_hint and not others.is_deceased_hint
-- not one of them everywhere
qualify
    row_number() over (
        partition by introductions.person_id
        order by introductions.score desc, introductions.other_id asc
    ) = 1
    and row_number() over (
        partition by introductions.other_id
        order by introductions.score desc, introductions.person_id asc
    ) = 1
order by introductions.score desc, introductions.person_id asc, introductions.other_id asc
limit 6
