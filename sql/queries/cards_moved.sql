-- Cards that left while their UID appeared under another href: item, the number that goes along,
-- and the one given meanwhile.
-- $1: item_ids that have just been found gone, $2: now
-- on: state
select
    arrived.item_id,
    departed.record_id,
    arrived.record_id as former_record_id
from raw.contacts as departed
inner join raw.contacts as arrived
    on
        departed.source = arrived.source
        and departed.collection = arrived.collection
        and departed.uid = arrived.uid
inner join raw.record_ids on arrived.record_id = record_ids.record_id
where
    departed.item_id in (select unnest($1::bigint[]))
    and arrived.gone_at is null
    and record_ids.given_at = $2
    and not exists (
        select 1
        from raw.contacts as others
        where others.gone_at is null and others.record_id = departed.record_id
    )
qualify
    row_number() over (partition by departed.record_id order by arrived.item_id) = 1
    and row_number() over (partition by arrived.item_id order by departed.item_id) = 1
