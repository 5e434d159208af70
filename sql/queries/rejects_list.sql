-- What could not be read, what was lost as a whole first.
-- $1: the source, null for all
-- on: book
select
    source,
    collection,
    href,
    "position",
    reason,
    is_warning,
    rejected_at
from main.rejects
where $1 is null or source = $1
order by is_warning, source, collection, href, "position", reason
