-- One row per person whose last card was deleted and with whom the owner has met since: a meeting
-- that both accepted or called. It wakes who rests because of that card.
-- key: person_id
-- person_id: the person
-- met_at: when the first such meeting began
with deleted as (
    select
        record_persons.record_id,
        person_facts.person_id,
        person_facts.deleted_at
    from identity.person_facts
    inner join identity.record_persons on person_facts.person_id = record_persons.person_id
    where
        person_facts.deleted_at is not null
        and not person_facts.has_live_card
),

later as (
    select
        deleted.person_id,
        meetings.meeting_id,
        meetings.starts_at
    from deleted
    inner join staging.attendances on deleted.record_id = attendances.record_id
    inner join staging.meetings on attendances.meeting_id = meetings.meeting_id
    cross join raw.settings
    where
        (attendances.reply_rank = 4 or attendances.is_organizer)
        and meetings.starts_at > deleted.deleted_at
        and meetings.ends_at <= settings.as_of
        and meetings.status <> 'cancelled'
)

select
    later.person_id,
    min(later.starts_at) as met_at
from later
inner join staging.attendances on later.meeting_id = attendances.meeting_id
left join identity.owner_records on attendances.record_id = owner_records.record_id
where
    (attendances.is_owner or owner_records.record_id is not null)
    and (attendances.reply_rank = 4 or attendances.is_organizer)
group by later.person_id
