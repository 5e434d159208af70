-- The sources that were not read lately.
-- on: book
select distinct
    source,
    days_old
from main.freshness
where is_stale and not is_gone and not is_import
order by source
