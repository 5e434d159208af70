-- By number what the live cards of a collection tell that a page says nothing of, as JSON: notes
-- and dates of change do not count.
-- $1: source, $2: collection, $3: record_ids, $4: hrefs of the page
-- on: state
select
    record_id,
    to_json(
        struct_pack(
            full_name := full_name,
            given := given,
            family := family,
            emails := emails,
            phones := phones,
            organization := organization,
            birthday := birthday
        )
    ) as told
from raw.contacts
where
    source = $1
    and collection = $2
    and gone_at is null
    and record_id in (select unnest($3::bigint[]))
    and href not in (select unnest($4::varchar[]))
order by item_id desc
