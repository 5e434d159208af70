-- How many requests the last run of each source made, of how many it may make.
-- on: book
select
    source,
    requests_made,
    requests_allowed
from main.runs
where requests_made is not null
qualify row_number() over (partition by source order by run_id desc) = 1
order by source
