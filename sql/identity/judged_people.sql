-- One row per owner and human whose tie is judged: nobody at rest, not the owner, and neither an
-- organization nor a service.
-- key: owner_id, person_id
-- first_seen_date: the day the first of the records came, in the owner's zone
select
    persons.owner_id,
    persons.person_id,
    persons.display_name,
    persons.is_colleague,
    persons.is_deceased_hint,
    persons.is_muted,
    (persons.first_seen_at at time zone settings.time_zone)::date as first_seen_date,
    persons.is_import_only,
    persons.birthday
from identity.persons
cross join raw.settings
where persons.kind = 'person' and not persons.is_owner and not coalesce(persons.is_resting, false)
