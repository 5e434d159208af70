-- How often one person is to be met: as so far, or as their circle says.
-- $1: person_id
-- on: book
select
    usual_words,
    case when cadence_source = 'circle' then cadence_days end as circle_days
from main.ties
where person_id = $1
