-- One row per occurrence and person invited to it, by whichever of their addresses.
-- meeting_id: the occurrence
-- person_id: the person; null for all those without an address of their own
-- n_seats: people this row stands for: 1, or how many have no address
-- reply_rank: 4 accepted, 3 tentative, 2 declined, 1 not answered, 0 not said
-- is_organizer: they organise it
-- is_owner: it is the owner
-- is_human: a person, not a room, resource, list, organisation or service
with attendances as (
    select * from staging.attendances
),

record_persons as (
    select * from identity.record_persons
),

persons as (
    select
        person_id,
        is_owner,
        kind = 'person' as is_human
    from identity.persons
),

final as (
    select
        attendances.meeting_id,
        record_persons.person_id,
        (case when record_persons.person_id is null then count(*) else 1 end)::integer as n_seats,
        max(attendances.reply_rank) as reply_rank,
        bool_or(attendances.is_organizer) as is_organizer,
        bool_or(attendances.is_owner or coalesce(persons.is_owner, false)) as is_owner,
        bool_or(attendances.is_human and coalesce(persons.is_human, true)) as is_human
    from attendances
    left join record_persons on attendances.record_id = record_persons.record_id
    left join persons on record_persons.person_id = persons.person_id
    group by
        attendances.meeting_id,
        record_persons.person_id
)

select * from final
