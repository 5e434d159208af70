-- One row per card and e-mail address, of every card still known, tombstones included.
-- key: record_id, email
-- match_key: the address for matching: no +tag, and for Gmail neither dots nor googlemail
-- local_part: what stands before the @ of the match key
-- label: home, work, … as the card has it
with entries as (
    select
        contacts.record_id,
        contacts.item_id,
        contacts.gone_at,
        unnest(contacts.emails) as entry,
        generate_subscripts(contacts.emails, 1) as ordinal
    from raw.contacts
    where
        contacts.record_id is not null
        and coalesce(contacts.kind, 'unknown') not in ('group', 'location')
)

select
    entries.record_id,
    raw.email_address(entries.entry.value) as email,
    raw.email_key(email) as match_key,
    raw.email_local_part(email) as local_part,
    raw.email_domain(email) as domain,
    entries.entry.label,
    coalesce(entries.entry.is_preferred, false) as is_preferred,
    entries.ordinal
from entries
where email is not null
qualify row_number() over (
    partition by entries.record_id, email
    order by entries.gone_at desc nulls first, entries.item_id desc, entries.ordinal asc
) = 1
