-- One row per card and phone number as written, tombstones included.
-- key: record_id, phone
-- phone: the number as the card has it, with the extension
-- extension: the extension, where the card keeps it apart
-- label: cell, home, work, … as the card has it
with entries as (
    select
        contacts.record_id,
        contacts.item_id,
        contacts.gone_at,
        unnest(contacts.phones) as entry,
        generate_subscripts(contacts.phones, 1) as ordinal
    from raw.contacts
    where
        contacts.record_id is not null
        and coalesce(contacts.kind, 'unknown') not in ('group', 'location')
)

select
    entries.record_id,
    entries.entry.value || coalesce(' ext. ' || entries.entry.extension, '') as phone,
    entries.entry.extension,
    entries.entry.label,
    coalesce(entries.entry.is_preferred, false) as is_preferred,
    entries.ordinal
from entries
where entries.entry.value is not null
qualify row_number() over (
    partition by entries.record_id, entries.entry.value, entries.entry.extension
    order by entries.gone_at desc nulls first, entries.item_id desc, entries.ordinal asc
) = 1
