-- UID, number and etag that cards had before this pull.
-- $1: item_ids
-- on: state
select
    items.item_id,
    contacts.uid,
    contacts.record_id,
    items.etag
from raw.contacts
inner join raw.items on contacts.item_id = items.item_id
where items.superseded_at is null and items.item_id in (select unnest($1::bigint[]))
