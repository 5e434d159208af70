-- Where the list stands, if it does.
-- $1: source, $2: name
-- on: state
select collection
from raw.task_lists
where source = $1 and list_name = $2 and is_there
