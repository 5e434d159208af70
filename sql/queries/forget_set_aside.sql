-- A person's cards in imports whose place another took: these are in no build, so they are known by
-- an address, a phone or a full name.
-- $1: how the sources of these begin, $2: addresses, $3: phones, $4: full names
-- on: state
select contacts.item_id
from raw.contacts
where
    starts_with(contacts.source, $1)
    and (
        list_has_any(list_transform(contacts.emails, lambda one: lower(one.value)), $2::varchar[])
        or list_has_any(list_transform(contacts.phones, lambda one: one.value), $3::varchar[])
        or lower(contacts.full_name) in (select lower(unnest($4::varchar[])))
    )
