-- Why meetings with somebody are no contact, and how many.
-- $1: person_id
-- on: book
select
    interactions.excluded_reason,
    contact_rules.words,
    count(*) as times
from main.interactions
inner join main.contact_rules on interactions.excluded_reason = contact_rules.rule
where interactions.person_id = $1
group by all
order by times desc, interactions.excluded_reason asc
