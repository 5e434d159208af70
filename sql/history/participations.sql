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

-- Only somebody with two addresses can be in a meeting twice: the rest need no grouping.
addresses as (
    select distinct attendances.record_id
    from attendances
    where attendances.record_id is not null
),

twofold as (
    select record_persons.person_id
    from record_persons
    inner join addresses on record_persons.record_id = addresses.record_id
    group by record_persons.person_id
    having count(*) > 1
),

resolved as (
    select
        attendances.meeting_id,
        record_persons.person_id,
        attendances.reply_rank,
        attendances.is_organizer,
        attendances.is_owner or coalesce(persons.is_owner, false) as is_owner,
        attendances.is_human and coalesce(persons.is_human, true) as is_human,
        record_persons.person_id is null or twofold.person_id is not null as is_grouped
    from attendances
    left join record_persons on attendances.record_id = record_persons.record_id
    left join persons on record_persons.person_id = persons.person_id
    left join twofold on record_persons.person_id = twofold.person_id
),

final as (
    select
        resolved.meeting_id,
        resolved.person_id,
        1 as n_seats,
        resolved.reply_rank,
        resolved.is_organizer,
        resolved.is_owner,
        resolved.is_human
    from resolved
    where not resolved.is_grouped
    union all
    select
        resolved.meeting_id,
        resolved.person_id,
        (case when resolved.person_id is null then count(*) else 1 end)::integer as n_seats,
        max(resolved.reply_rank) as reply_rank,
        bool_or(resolved.is_organizer) as is_organizer,
        bool_or(resolved.is_owner) as is_owner,
        bool_or(resolved.is_human) as is_human
    from resolved
    where resolved.is_grouped
    group by
        resolved.meeting_id,
        resolved.person_id
)

select * from final
