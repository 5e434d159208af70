-- One row per owner, person and month since their first contact: strength as it was at its end.
-- key: owner_id, person_id, month_date
-- owner_id: the owner
-- person_id: the person
-- month_date: the first day of the month
-- strength: strength v1 on the month's last day (today for the current month)
-- strength_rank: the rank among all that month
select
    months.owner_id,
    months.person_id,
    months.month_date,
    months.strength,
    months.strength_rank
from judgement.months
