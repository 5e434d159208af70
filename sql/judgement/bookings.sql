-- One row per owner and person with a meeting to come that nothing speaks against: the next one.
-- key: owner_id, person_id
-- is_near: it comes within booked_window_days, so that nobody needs reminding
-- meeting_ids: all such meetings
with booked as (
    select
        participations.person_id,
        occasions.start_date,
        occasions.meeting_id
    from history.occasions
    inner join history.participations on occasions.meeting_id = participations.meeting_id
    where
        occasions.is_booked
        and participations.is_human
        and not participations.is_owner
        and participations.reply_rank <> 2
    union all
    select
        unnest(occasions.named_person_ids) as person_id,
        occasions.start_date,
        occasions.meeting_id
    from history.occasions
    where occasions.is_booked
)

select
    judged_people.owner_id,
    judged_people.person_id,
    min(booked.start_date) as next_date,
    next_date <= any_value(settings.as_of_date) + any_value(settings.booked_window_days) as is_near,
    list(distinct booked.meeting_id order by booked.meeting_id) as meeting_ids
from booked
inner join identity.judged_people on booked.person_id = judged_people.person_id
cross join raw.settings
group by judged_people.owner_id, judged_people.person_id
