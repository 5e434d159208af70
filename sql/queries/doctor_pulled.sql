-- The sources of a config that the book was made from.
-- on: book
select distinct source
from main.freshness
where not is_import and not is_gone
order by source
