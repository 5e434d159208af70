-- The phones that have no key yet, in the temporary table unkeyed.
-- $1: the region of phones without a country code
-- on: state
create or replace temp table unkeyed as
with entries as (
    select unnest(contacts.phones) as entry from raw.contacts
),

invited as (
    select unnest(list_transform(meetings.attendees, lambda one: one.phone)) as phone
    from raw.meetings
),

texts as (
    select entries.entry.value as phone from entries
    where entries.entry.extension is null
    union
    select entries.entry.value || ' ext. ' || entries.entry.extension from entries
    union
    select meetings.organizer.phone from raw.meetings
    union
    select invited.phone from invited
)

select texts.phone
from texts
anti join raw.phone_keys on texts.phone = phone_keys.phone and phone_keys.region = $1
where texts.phone is not null
order by texts.phone
