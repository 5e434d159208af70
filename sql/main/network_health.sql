-- One row per owner and month since the first contact: how the whole book does.
-- key: owner_id, month_date
-- owner_id: the owner
-- month_date: the first day of the month
-- people_met: people in touch that month
-- new_people: people in touch for the first time
-- contact_days: days in touch, over all people
-- one_to_one_share: of those, how many the two were alone
-- owner_share: of the days where one of the two organised, how many the owner did
-- closest_met: of the closest 15 at the month's end, how many were met that month
with monthly as (
    select
        contact_days.owner_id,
        contact_days.person_id,
        date_trunc('month', contact_days.contact_date)::date as month_date,
        count(*) as days,
        count(*) filter (where contact_days.is_one_to_one) as one_to_one_days,
        count(*) filter (where contact_days.is_initiated) as owner_days,
        count(*) filter (
            where contact_days.is_initiated or contact_days.is_answered
        ) as organised_days
    from history.contact_days
    group by all
)

select
    monthly.owner_id,
    monthly.month_date,
    count(*) as people_met,
    count(*) filter (
        where date_trunc('month', strengths.first_contact_date)::date = monthly.month_date
    ) as new_people,
    sum(monthly.days)::bigint as contact_days,
    sum(monthly.one_to_one_days) / sum(monthly.days)::double as one_to_one_share,
    sum(monthly.owner_days) / nullif(sum(monthly.organised_days), 0)::double as owner_share,
    count(ties_by_month.person_id) as closest_met
from monthly
inner join judgement.strengths using (owner_id, person_id)
left join main.ties_by_month
    on
        monthly.owner_id = ties_by_month.owner_id
        and monthly.person_id = ties_by_month.person_id
        and monthly.month_date = ties_by_month.month_date
        and ties_by_month.strength_rank <= 15
group by monthly.owner_id, monthly.month_date
