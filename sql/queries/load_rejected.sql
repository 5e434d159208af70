-- What could not be read in earlier runs; null where no item was to blame.
-- $1: source, $2: collection, $3: this run
-- on: state
select distinct href
from raw.rejects
where source = $1 and collection = $2 and run_id < $3
