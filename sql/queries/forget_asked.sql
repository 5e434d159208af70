-- One row: a person's name, how many cards they have, and on how many days they were met.
-- $1: person_id
-- on: layers
select
    persons.display_name,
    (
        select count(distinct cards.record_id)
        from staging.cards
        inner join identity.record_persons on cards.record_id = record_persons.record_id
        where record_persons.person_id = $1
    ) as cards,
    (
        select count(*) from history.contact_days
        where contact_days.person_id = $1
    ) as days
from identity.persons
where persons.person_id = $1
