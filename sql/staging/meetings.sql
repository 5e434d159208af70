-- One row per occurrence that a source reports; local dates are computed here, once.
-- key: meeting_id
-- meeting_id: the occurrence's number, given once: it keeps it when it is moved or changed
-- item_id: the event it belongs to; the occurrences of a series share it
-- recurrence_id: which of its series it is, by the start first meant, in UTC (20260102T090000Z or
-- 20260102); null for an event that is no series
-- starts_at: when it starts; local midnight if it is all day
-- ends_at: when it ends; local midnight if it is all day
-- last_date: the last day it touches, in the owner's zone
-- is_all_day: it has dates and no times
-- status: confirmed, tentative or cancelled
-- is_private: its title is shown nowhere
-- event_type: what the source says it is, default for a plain event
-- categories: its categories in lower case
with dated as (
    select
        meetings.*,
        case
            when meetings.is_all_day then meetings.start_date
            else (meetings.starts_at at time zone settings.time_zone)::date
        end as first_date,
        case
            when meetings.is_all_day
                then greatest(
                    coalesce(meetings.end_date - 1, meetings.start_date), meetings.start_date
                )
            else (
                coalesce(meetings.ends_at, meetings.starts_at) at time zone settings.time_zone
            )::date
        end as final_date,
        settings.time_zone as zone
    from raw.meetings
    cross join raw.settings
)

select
    dated.meeting_id,
    dated.item_id,
    dated.source,
    dated.collection,
    dated.uid,
    nullif(dated.recurrence_id, '') as recurrence_id,
    case
        when dated.is_all_day then dated.first_date::timestamp at time zone dated.zone
        else dated.starts_at
    end as starts_at,
    case
        when dated.is_all_day then (dated.final_date + 1)::timestamp at time zone dated.zone
        -- an end before the start would make contact of what is still to come
        else greatest(coalesce(dated.ends_at, dated.starts_at), dated.starts_at)
    end as ends_at,
    dated.first_date as start_date,
    dated.final_date as last_date,
    coalesce(dated.is_all_day, false) as is_all_day,
    coalesce(dated.is_recurring, false) as is_recurring,
    nullif(trim(dated.summary), '') as title,
    nullif(trim(dated.location), '') as location,
    coalesce(dated.status, 'confirmed') as status,
    coalesce(dated.visibility, 'public') <> 'public' as is_private,
    coalesce(dated.event_type, 'default') as event_type,
    string_split(
        lower(array_to_string(coalesce(dated.categories, []), chr(31))), chr(31)
    ) as categories,
    dated.gone_at is not null as is_gone
from dated
