-- The next live cards as they came, to be read again by better readers.
-- $1: the last item_id seen, $2: media types that there are readers for, $3: how many
-- on: state
select
    items.item_id,
    items.source,
    items.collection,
    items.href,
    items.media_type,
    items.body,
    items.body_hash,
    items.file,
    contacts.record_id,
    timezone('UTC', contacts.first_seen_at) as first_seen_at
from raw.items
inner join raw.contacts using (item_id)
where
    items.kind = 'contact'
    and items.superseded_at is null
    and items.gone_at is null
    and items.item_id > $1
    and items.media_type in (select unnest($2::varchar[]))
order by items.item_id
limit $3
