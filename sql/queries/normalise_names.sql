-- The names that have no keys yet, in the temporary table unkeyed. Cards say a name in two ways, as
-- shown and in its parts: both are keyed.
-- on: state
create or replace temp table unkeyed as
with invited as (
    select unnest(meetings.attendees) as person from raw.meetings
),

texts as (
    select nullif(trim(contacts.full_name), '') as name from raw.contacts
    union
    select concat_ws(', ', contacts.family, concat_ws(' ', contacts.given, contacts.middle))
    from raw.contacts
    where contacts.family is not null and contacts.given is not null
    union
    select contacts.given from raw.contacts
    where contacts.family is null
    union
    select contacts.family from raw.contacts
    where contacts.given is null
    union
    select meetings.organizer.name from raw.meetings
    union
    select invited.person.name from invited
)

select texts.name
from texts
anti join raw.name_keys using (name)
where texts.name is not null
order by texts.name
