-- Who of the closest 50 meet each other with the owner there, at least twice and in meetings of at
-- most eight: the strongest first. A meeting of many says less of any two in it.
-- on: book
with
guests as (
    select distinct
        interactions.meeting_id,
        interactions.person_id,
        interactions.n_people
    from main.interactions
    inner join main.ties on interactions.person_id = ties.person_id
    inner join main.people on interactions.person_id = people.person_id
    where
        ties.strength_rank <= 50
        and not people.is_deceased_hint
        and interactions.is_counted
        and interactions.interaction_kind in ('meeting', 'reply_kept')
        and interactions.n_people between 3 and 8
)

select
    ones.person_id,
    others.person_id as other_id,
    count(*) as shared,
    sum((1 / (ones.n_people - 2))::decimal(18, 6)) as weight
from guests as ones
inner join guests as others on ones.meeting_id = others.meeting_id
where ones.person_id < others.person_id
group by ones.person_id, others.person_id
having count(*) >= 2
order by weight desc, ones.person_id asc, others.person_id asc
