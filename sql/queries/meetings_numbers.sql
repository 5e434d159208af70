-- The numbers of the meetings of these items.
-- $1: item_ids
-- on: state
select
    item_id,
    uid,
    recurrence_id,
    meeting_id
from raw.meetings
where item_id in (select unnest($1::bigint[]))
