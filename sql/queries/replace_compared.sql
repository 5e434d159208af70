-- Whether the newer import has a card or event of an older one as well, in the temporary table
-- compared. It goes on with the same bytes, UID or name; something is said of it when a card of
-- that name also has a point of it, or it has none.
-- on: state
create or replace temp table compared as
with older as (
    from temp.things
    where not is_newer
),

newer as (
    from temp.things
    where is_newer
),

found as (
    select
        older.source,
        older.kind,
        older.item_id,
        older.name,
        older.etag in (select newer.etag from newer)
        or coalesce(
            older.uid in (
                select newer.uid from newer
                where newer.uid is not null
            ), false
        ) as is_same,
        older.kind = 'contact'
        and exists (
            select 1
            from newer
            where newer.kind = 'contact' and newer.name = older.name
        ) as has_name,
        older.kind = 'contact'
        and exists (
            select 1
            from newer
            where
                newer.kind = 'contact'
                and newer.name = older.name
                and (len(older.points) = 0 or list_has_any(newer.points, older.points))
        ) as has_point
    from older
)

select
    source,
    kind,
    item_id,
    name,
    is_same or has_name as goes_on,
    is_same or has_point as is_said
from found
