-- The cards that came with this pull and have one of these numbers.
-- $1: source, $2: collection, $3: now, $4: record_ids
-- on: state
select
    items.item_id,
    contacts.href,
    items.etag,
    contacts.record_id
from raw.contacts
inner join raw.items on contacts.item_id = items.item_id
where
    contacts.source = $1
    and contacts.collection = $2
    and contacts.gone_at is null
    and items.superseded_at is null
    and items.received_at = $3
    and contacts.record_id in (select unnest($4::bigint[]))
