-- Each person stands once in identity.persons for each owner.
select
    persons.owner_id,
    persons.person_id,
    count(*) as times
from identity.persons
group by
    persons.owner_id,
    persons.person_id
having count(*) > 1
