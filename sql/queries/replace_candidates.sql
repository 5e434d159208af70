-- By which rule which card of the newer import might be which of the older, in the temporary table
-- candidates: the same bytes; UID and name; UID; name and a point; name and no other birthday.
-- on: state
create or replace temp table candidates as
with older as (
    from temp.things
    where not is_newer
),

newer as (
    from temp.things
    where is_newer
),

matched as (
    select
        1 as rule,
        older.record_id as old_record,
        newer.record_id as new_record,
        newer.item_id as new_item
    from older
    inner join newer on older.etag = newer.etag and older.copy_number = newer.copy_number
    union all
    select
        2 as rule,
        older.record_id as old_record,
        newer.record_id as new_record,
        newer.item_id as new_item
    from older
    inner join newer on older.uid = newer.uid and older.name = newer.name
    union all
    select
        3 as rule,
        older.record_id as old_record,
        newer.record_id as new_record,
        newer.item_id as new_item
    from older
    inner join newer on older.uid = newer.uid
    union all
    select
        4 as rule,
        older.record_id as old_record,
        newer.record_id as new_record,
        newer.item_id as new_item
    from older
    inner join newer on older.name = newer.name and list_has_any(older.points, newer.points)
    union all
    select
        5 as rule,
        older.record_id as old_record,
        newer.record_id as new_record,
        newer.item_id as new_item
    from older
    inner join newer on older.name = newer.name and coalesce(older.birthday = newer.birthday, true)
)

select *
from matched
where old_record is not null and new_record is not null
