-- The sources whose name no other import may get: the imports, and the names under which a card
-- that is here was known before its import took another's place: its keys begin with them.
-- $1: how their sources begin
-- on: state
select source
from raw.imports
where starts_with(source, $1)
union
select record_ids.source
from raw.record_ids
inner join raw.contacts on record_ids.record_id = contacts.record_id
where record_ids.kind = 'card' and starts_with(record_ids.source, $1)
