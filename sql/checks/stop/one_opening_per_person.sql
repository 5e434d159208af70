-- No second follow-up opens for somebody who has one open or opening.
select
    follow_ups.owner_id,
    follow_ups.person_id,
    count(*) as follow_ups
from main.follow_ups
where follow_ups.is_open or follow_ups.opens_now
group by follow_ups.owner_id, follow_ups.person_id
having count(*) > 1 and bool_or(follow_ups.opens_now)
