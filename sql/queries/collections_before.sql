-- What earlier runs noted of a source's collections.
-- $1: source
-- on: state
select
    collection,
    refused_days,
    refused_date,
    missing_since
from raw.collections
where source = $1
