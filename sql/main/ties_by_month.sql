-- One row per owner, person and month since their first contact: strength as it was at its end.
-- key: owner_id, person_id, month_date
-- owner_id: the owner
-- person_id: the person
-- month_date: the first day of the month
-- strength: strength on the month's last day (today for the current month), by what was known then
-- strength_rank: the rank among all that month
select
    monthly_strengths.owner_id,
    monthly_strengths.person_id,
    monthly_strengths.month_date,
    monthly_strengths.strength,
    monthly_strengths.strength_rank
from judgement.monthly_strengths
where monthly_strengths.month_date is not null
