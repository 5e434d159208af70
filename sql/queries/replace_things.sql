-- What the newer import and the older ones have, in the temporary table things: cards and events.
-- `points` are the addresses and the ends of the phones, as these are written in many ways;
-- `birthday` is month and day in one number.
-- $1: source of the newer, $2: sources of the older ones
-- on: state
create or replace temp table things as
select
    items.source,
    items.source = $1 as is_newer,
    items.item_id,
    items.kind,
    items.uid,
    items.etag,
    contacts.record_id,
    coalesce(lower(trim(nullif(contacts.full_name, ''))), items.href) as name,
    row_number() over (
        partition by items.source, items.kind, items.etag
        order by items.href, items.item_id
    ) as copy_number,
    list_concat(
        list_transform(contacts.emails, lambda one: lower(trim(one.value))), -- noqa: RF01
        list_transform(
            contacts.phones,
            lambda one: right(regexp_replace(one.value, '[^0-9]', '', 'g'), 8) -- noqa: RF01
        )
    ) as points,
    contacts.birthday.month * 100 + contacts.birthday.day as birthday
from raw.items
left join raw.contacts on items.item_id = contacts.item_id
where
    (items.source = $1 or items.source in (select unnest($2::varchar[])))
    and items.kind <> 'task'
    and items.superseded_at is null
    and items.gone_at is null
