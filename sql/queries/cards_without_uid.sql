-- The live cards without a UID that say the same, byte for byte.
-- $1: source, $2: collection, $3: etags
-- on: state
select
    items.href,
    items.etag,
    contacts.record_id
from raw.items
inner join raw.contacts on items.item_id = contacts.item_id
where
    items.source = $1
    and items.collection = $2
    and items.uid is null
    and items.superseded_at is null
    and items.gone_at is null
    and items.etag in (select unnest($3::varchar[]))
