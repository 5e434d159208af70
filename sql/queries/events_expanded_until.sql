-- The series whose expansion does not reach far enough ahead.
-- $1: source, $2: collection, $3: how far it should
-- on: state
select href
from raw.items
where
    source = $1
    and collection = $2
    and kind = 'event'
    and superseded_at is null
    and gone_at is null
    and expanded_until < $3
