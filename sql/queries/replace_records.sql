-- Give the cards of the newer import the numbers of those they were paired with.
-- $1: source of the newer
-- on: state
update raw.contacts
set record_id = pairs.old_record
from temp.pairs
where contacts.source = $1 and contacts.item_id = pairs.new_item
