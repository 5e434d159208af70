-- Why something of a source could not be read, what was lost as a whole first.
-- $1: source
-- on: state
select
    href,
    reason
from raw.rejects
where source = $1
order by is_warning, collection, href, reason
