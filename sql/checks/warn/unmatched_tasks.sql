-- An open task of ours that fits nobody for sure is left alone, and none is made beside it.
select
    'the task "' || unmatched_tasks.title || '"'
    || coalesce(', due on ' || strftime(unmatched_tasks.due_date, '%-d %B %Y') || ',', '')
    || case unmatched_tasks.why
        when 'elsewhere' then ' looks like ours and stands in another list'
        when 'several' then ' is ours and fits several people of this book'
        when 'earlier_rule' then ' is ours, from an earlier kithbook or a lost book'
        else ' is ours and fits nobody in this book for sure'
    end
    || ': it stays as it is, and no other is made beside it' as problem,
    settings.tasks_source || ', ' || settings.tasks_list as place,
    case
        when unmatched_tasks.person_id is null then 'tick or delete it there when it is done'
        else '`kithbook push --adopt` takes it up for ' || unmatched_tasks.display_name
    end as hint
from main.unmatched_tasks
cross join raw.settings
where not unmatched_tasks.is_over
