-- What counts as contact, a row a rule, in the order in which they are tried.
-- on: book
select
    rule,
    words,
    effect,
    description,
    number,
    weight,
    meetings
from main.contact_rules
order by ordinal
