-- One row per occurrence that a source reports, with the first rule that keeps it from counting.
-- key: meeting_id
-- meeting_id: the occurrence's number
-- source: where it was read
-- collection: the calendar in that source
-- uid: the iCalendar UID
-- starts_at: when it starts
-- ends_at: when it ends
-- start_date: the day it starts, in the owner's zone
-- last_date: the last day it touches, in the owner's zone
-- is_all_day: it has dates and no times
-- is_recurring: it belongs to a series
-- title: the summary; null for private meetings
-- location: where it takes place; null for private meetings
-- status: confirmed, tentative or cancelled
-- n_people: people in it who did not decline, the owner included
-- is_owner_organizer: the owner organises it
-- excluded_reason: the first rule that keeps it from counting (main.contact_rules); null: it counts
select
    meetings.meeting_id,
    meetings.source,
    meetings.collection,
    meetings.uid,
    meetings.starts_at,
    meetings.ends_at,
    meetings.start_date,
    meetings.last_date,
    meetings.is_all_day,
    meetings.is_recurring,
    case when not meetings.is_private then meetings.title end as title,
    case when not meetings.is_private then meetings.location end as location,
    meetings.status,
    occasions.n_people,
    occasions.is_owner_organizer,
    occasions.excluded_reason
from staging.meetings
inner join history.occasions on meetings.meeting_id = occasions.meeting_id
where not meetings.is_gone
