-- One row per owner and person ever in touch: the last time, and what may be said of it.
-- owner_id: the owner
-- person_id: the person
-- contact_date: the day
-- kind: meeting, large_series, title, log, follow_up or task
-- is_told: only the owner told us
-- source: where we know it from; null for what the owner told us
-- meeting_id: the meeting, if it was one
-- title: its title, where it may be shown
with strengths as (
    select * from judgement.strengths
),

contact_days as (
    select * from history.contact_days
),

meetings as (
    select * from staging.meetings
),

last_days as (
    select contact_days.*
    from contact_days
    inner join strengths
        on contact_days.owner_id = strengths.owner_id
        and contact_days.person_id = strengths.person_id
        and contact_days.contact_date = strengths.last_contact_date
),

titles as (
    select
        meetings.meeting_id,
        any_value(meetings.title) as title
    from meetings
    semi join last_days on meetings.meeting_id = last_days.meeting_id
    group by meetings.meeting_id
    having not bool_or(meetings.is_private)
),

final as (
    select
        last_days.owner_id,
        last_days.person_id,
        last_days.contact_date,
        last_days.kind,
        last_days.is_told,
        last_days.source,
        last_days.meeting_id,
        titles.title
    from last_days
    left join titles on last_days.meeting_id = titles.meeting_id
)

select * from final
