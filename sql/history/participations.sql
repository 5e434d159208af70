-- One row per occurrence and person invited to it, by whichever of their addresses.
-- key: meeting_id, person_id, is_human, is_owner
-- person_id: the person; null for all of whom nobody knows who they are
-- n_seats: people this row stands for: 1, or how many nobody knows, and whom they bring along
-- is_reply_kept: they are down as not answered now, and replied before
-- is_by_name: they were invited without an address, and the name alone says who it is

-- Only somebody with two addresses, or without one, can be in a meeting twice: the rest need no
-- grouping.
with twofold as (
    select record_persons.person_id
    from identity.record_persons
    semi join staging.meeting_guests using (record_id)
    group by record_persons.person_id
    having count(*) > 1
    union
    select guests_without_address.person_id
    from history.guests_without_address
),

known as (
    select
        meeting_guests.*,
        record_persons.person_id,
        false as is_by_name
    from staging.meeting_guests
    left join identity.record_persons on meeting_guests.record_id = record_persons.record_id
    where meeting_guests.record_id is not null
    union all
    select
        meeting_guests.*,
        guests_without_address.person_id,
        coalesce(guests_without_address.is_by_name, false) as is_by_name
    from staging.meeting_guests
    left join history.guests_without_address
        on
            meeting_guests.phone is not distinct from guests_without_address.phone
            and meeting_guests.name is not distinct from guests_without_address.name
    where meeting_guests.record_id is null
),

resolved as (
    select
        known.* exclude (known.record_id, known.phone, known.name) replace (
            known.is_owner or coalesce(persons.is_owner, false) as is_owner,
            known.is_human and coalesce(persons.kind = 'person', true) as is_human
        ),
        known.person_id is null or twofold.person_id is not null as is_grouped
    from known
    left join identity.persons on known.person_id = persons.person_id
    left join twofold on known.person_id = twofold.person_id
)

select resolved.* exclude (resolved.is_grouped)
from resolved
where not resolved.is_grouped
union all by name
select
    resolved.meeting_id,
    resolved.person_id,
    (
        case
            when resolved.person_id is null then sum(resolved.n_seats)
            else max(resolved.n_seats)
        end
    )::integer as n_seats,
    max(resolved.reply_rank) as reply_rank,
    bool_or(resolved.is_reply_kept) as is_reply_kept,
    bool_or(resolved.is_organizer) as is_organizer,
    bool_or(resolved.is_owner) as is_owner,
    bool_or(resolved.is_human) as is_human,
    bool_and(resolved.is_by_name) as is_by_name
from resolved
where resolved.is_grouped
group by
    resolved.meeting_id,
    resolved.person_id,
    -- rooms and the owner are no seats of others, though nobody knows who any of them is
    case when resolved.person_id is null then resolved.is_human end,
    case when resolved.person_id is null then resolved.is_owner end
