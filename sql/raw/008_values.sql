-- What cards and events say that had no place before, and keys by the rules of today.

-- The extension behind a switchboard, where the card keeps it apart from the number.
alter table raw.contacts add column phones.element.extension varchar;

-- How many people somebody brings along (Google's additionalGuests).
alter table raw.meetings add column attendees.element.additional_guests integer;
alter table raw.meetings add column organizer.additional_guests integer;

-- Keys are made anew of the texts at the next build: the digits and the extension of a phone, and
-- a name as one says it, without degrees, emoji and what stands in brackets.
delete from raw.phone_keys;
alter table raw.phone_keys add column digits varchar;
alter table raw.phone_keys add column extension varchar;

delete from raw.name_keys;
alter table raw.name_keys add column spoken varchar;
