-- One row: the list that the config names, where it stands, or that it is not there any more.
-- key: source
-- collection: where it stands; null where there is none
-- held_name: the name of the list in which our tasks stood, as it was last read
-- is_shared: others see what stands in it
-- is_missing: our tasks stood in a list of that account, and there is none of this name any more

-- By what it was first, whatever it is called by now; else by its name.
with there as (
    select
        settings.tasks_source as source,
        task_lists.collection,
        task_lists.is_shared,
        1 as choice
    from raw.settings
    inner join raw.task_lists
        on settings.tasks_source = task_lists.source and settings.tasks_list = task_lists.list_name
    where task_lists.is_there
    union all
    select
        settings.tasks_source as source,
        cursors.collection,
        false as is_shared,
        2 as choice
    from raw.settings
    inner join raw.cursors on settings.tasks_source = cursors.source
    where
        cursors.gone_at is null
        and settings.tasks_list in (cursors.collection_name, cursors.collection)
),

live as (
    select
        there.source,
        arg_min(there.collection, row(there.choice, there.collection)) as collection,
        arg_min(there.is_shared, row(there.choice, there.collection)) as is_shared
    from there
    group by there.source
),

written as (
    select
        task_links.source,
        task_links.collection,
        max(task_links.opened_at) as last_at
    from raw.task_links
    where task_links.href is not null
    group by all
),

held as (
    select
        written.source,
        arg_max(
            coalesce(cursors.collection_name, written.collection),
            row(written.last_at, written.collection)
        ) as held_name
    from written
    left join raw.cursors using (source, collection)
    group by written.source
)

select
    settings.tasks_source as source,
    settings.tasks_list as list_name,
    live.collection,
    held.held_name,
    coalesce(live.is_shared, false) as is_shared,
    live.collection is null and held.held_name is not null as is_missing
from raw.settings
left join live on settings.tasks_source = live.source
left join held on settings.tasks_source = held.source
where settings.tasks_source is not null
