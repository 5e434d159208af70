-- Note whether the lists of an account are there, as the pull found it.
-- $1: source
-- on: state
update raw.task_lists set is_there = cursors.gone_at is null
from raw.cursors
where task_lists.source = $1 and cursors.source = $1 and task_lists.collection = cursors.collection
