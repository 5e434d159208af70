-- One row per human met in the calendar whom no card names: whom you may want to add.
-- key: owner_id, person_id, display_name
-- owner_id: whose book
-- person_id: the person; null for somebody invited without an address, of whom only this is known
-- display_name: their name, or their address or number
-- emails: the addresses they were invited by
-- first_seen_at: when kithbook first saw them
with nameless as (
    select
        coalesce(name_keys.name_key, lower(attendances.name), attendances.phone) as name_key,
        coalesce(attendances.name, attendances.phone) as display_name,
        items.first_seen_at
    from staging.attendances
    inner join staging.meetings on attendances.meeting_id = meetings.meeting_id
    left join raw.items using (item_id)
    left join raw.name_keys using (name)
    anti join history.guest_persons
        on
            attendances.phone is not distinct from guest_persons.phone
            and attendances.name is not distinct from guest_persons.name
    where
        attendances.record_id is null
        and attendances.is_human
        and not attendances.is_owner
        and coalesce(attendances.name, attendances.phone) is not null
)

select
    persons.owner_id,
    persons.person_id,
    persons.display_name,
    persons.emails,
    persons.first_seen_at
from identity.persons
where
    persons.kind = 'person'
    and not persons.has_card
    and not persons.is_owner
    and not persons.is_resting
union all
select
    settings.owner_id,
    null as person_id,
    min(nameless.display_name) as display_name,
    []::varchar[] as emails,
    min(nameless.first_seen_at) as first_seen_at
from nameless
cross join raw.settings
group by settings.owner_id, nameless.name_key
