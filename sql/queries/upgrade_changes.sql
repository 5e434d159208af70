-- Who is listed otherwise than in the book before: what changed, and the names, in order.
-- $1: when the book before was made
-- on: layers, previous
with changes as (
    select
        1 as place,
        'now part of another person' as change,
        before.display_name || ' → ' || people.display_name as name,
        before.display_name as sort_name,
        before.person_id
    from previous.main.people as before
    inner join identity.record_persons on before.person_id = record_persons.record_id
    inner join main.people on record_persons.person_id = people.person_id
    where before.person_id <> people.person_id
    union all
    -- those who had a record when the book before was made
    select
        2 as place,
        'listed separately now' as change,
        people.display_name as name,
        people.display_name as sort_name,
        people.person_id
    from main.people
    inner join raw.record_ids on people.person_id = record_ids.record_id
    anti join previous.main.people as before on people.person_id = before.person_id
    where record_ids.given_at < $1::timestamptz
    union all
    select
        if(people.kind = 'person', 3, 4) as place,
        if(people.kind = 'person', 'people now', 'no people now') as change,
        people.display_name
        || if(people.kind = 'person', '', ' (' || people.kind_reason || ')') as name,
        people.display_name as sort_name,
        people.person_id
    from previous.main.people as before
    inner join main.people using (person_id)
    where (before.kind = 'person') <> (people.kind = 'person')
    union all
    -- nor part of anybody
    select
        5 as place,
        'no longer listed' as change,
        before.display_name as name,
        before.display_name as sort_name,
        before.person_id
    from previous.main.people as before
    left join identity.record_persons on before.person_id = record_persons.record_id
    anti join main.people on coalesce(record_persons.person_id, before.person_id) = people.person_id
)

select
    changes.change,
    list(changes.name order by changes.sort_name, changes.person_id) as names
from changes
group by changes.place, changes.change
order by changes.place
