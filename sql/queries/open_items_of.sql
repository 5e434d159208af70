-- What earlier runs left open in a collection.
-- $1: source, $2: collection
-- on: state
select
    href,
    reason,
    words,
    timezone('UTC', first_at) as first_at,
    runs,
    timezone('UTC', given_up_at) as given_up_at
from raw.open_items
where source = $1 and collection = $2
