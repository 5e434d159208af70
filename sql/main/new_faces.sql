-- One row per human met in the calendar whom no card names: whom you may want to add.
-- key: owner_id, person_id, display_name
-- owner_id: whose book
-- person_id: the person; null for somebody invited without an address, of whom only this is known
-- display_name: their name, or their address or number
-- emails: the addresses they were invited by
-- first_seen_at: when kithbook first saw them
with nameless as (
    select
        coalesce(name_keys.name_key, lower(meeting_guests.name), meeting_guests.phone) as name_key,
        coalesce(meeting_guests.name, meeting_guests.phone) as display_name,
        items.first_seen_at
    from staging.meeting_guests
    inner join staging.meetings on meeting_guests.meeting_id = meetings.meeting_id
    left join raw.items using (item_id)
    left join raw.name_keys using (name)
    anti join history.guests_without_address
        on
            meeting_guests.phone is not distinct from guests_without_address.phone
            and meeting_guests.name is not distinct from guests_without_address.name
    where
        meeting_guests.record_id is null
        and meeting_guests.is_human
        and not meeting_guests.is_owner
        and coalesce(meeting_guests.name, meeting_guests.phone) is not null
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
