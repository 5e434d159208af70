-- The keys of the newer cards lead to the older numbers as well.
-- on: state
update raw.record_ids
set record_id = pairs.old_record
from temp.pairs
where
    record_ids.kind = 'card'
    and record_ids.record_id = pairs.new_record
    and pairs.old_record <> pairs.new_record
