-- The list of this name in an account; of several the one where our tasks stand.
-- $1: source, $2: name
-- on: state
select cursors.collection
from raw.cursors
left join raw.task_links
    on cursors.source = task_links.source and cursors.collection = task_links.collection
where
    cursors.source = $1 and cursors.gone_at is null and list_contains(cursors.kinds, 'task')
    and $2 in (cursors.collection_name, cursors.collection)
group by cursors.collection
order by max(task_links.opened_at) desc nulls last, cursors.collection
