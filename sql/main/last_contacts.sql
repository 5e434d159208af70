-- One row per owner and person ever in touch: the last time.
-- key: owner_id, person_id
-- owner_id: the owner
-- person_id: the person
-- display_name: their name
-- last_contact_date: the day, in the owner's zone
-- days_ago: days since
-- is_told: only the owner told us, by a log or a tick
-- kind: meeting, large_series, title, name, log, follow_up or task
-- source: where we know it from; null for what the owner told us
-- meeting_id: the meeting, if it was one
-- title: its title, where it may be shown

-- The weightiest of that day; the least number and word where two weigh the same.
with last_days as (
    select
        interactions.owner_id,
        interactions.person_id,
        strengths.last_contact_date as contact_date,
        interactions.kind,
        bool_and(interactions.meeting_id is null) over that_day as is_told,
        max(interactions.source) over that_day as source,
        interactions.meeting_id
    from history.interactions
    inner join judgement.strengths
        on
            interactions.owner_id = strengths.owner_id
            and interactions.person_id = strengths.person_id
            and interactions.interaction_date = strengths.last_contact_date
    where interactions.excluded_reason is null
    window that_day as (partition by interactions.owner_id, interactions.person_id)
    qualify row_number() over (
        that_day
        order by
            interactions.weight desc,
            interactions.meeting_id asc nulls last,
            interactions.kind asc
    ) = 1
),

titles as (
    select
        meetings.meeting_id,
        min(meetings.title) as title
    from staging.meetings
    semi join last_days on meetings.meeting_id = last_days.meeting_id
    group by meetings.meeting_id
    having not bool_or(meetings.is_private)
)

select
    last_days.owner_id,
    last_days.person_id,
    persons.display_name,
    last_days.contact_date as last_contact_date,
    datediff('day', last_days.contact_date, settings.as_of_date) as days_ago,
    last_days.is_told,
    last_days.kind,
    last_days.source,
    last_days.meeting_id,
    titles.title
from last_days
inner join identity.persons using (person_id)
cross join raw.settings
left join titles using (meeting_id)
