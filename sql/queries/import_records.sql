-- The records of the cards that imports have brought.
-- $1: how their sources begin
-- on: state
select distinct record_id
from raw.contacts
where starts_with(source, $1) and gone_at is null
