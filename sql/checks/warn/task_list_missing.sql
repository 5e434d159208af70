-- The list that our tasks stand in is no longer there: nothing is concluded, nothing is changed.
select
    case
        when task_list.held_name = task_list.list_name
            then 'the list "' || task_list.list_name || '" with our tasks is not there any more'
        else
            'there is no list "' || task_list.list_name || '"; our tasks stood in "'
            || task_list.held_name || '"'
    end as problem,
    task_list.source as place,
    'name another list in [tasks], or `kithbook sync --yes` makes "' || task_list.list_name
    || '" anew' as hint
from history.task_list
where task_list.is_missing
