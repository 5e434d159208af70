-- Our open tasks that are to be asked for by themselves: gone from the listing, or in a list that
-- is not pulled. What stood in a list that is lost is not.
-- $1: source
-- on: state
with lists as (
    select collection
    from raw.cursors
    where source = $1 and gone_at is null and list_contains(kinds, 'task')
),

lost as (
    select collection from raw.cursors
    where source = $1 and gone_at is not null
),

standing as (
    select
        task_links.uid,
        tasks.collection,
        tasks.href,
        tasks.gone_at is not null as is_gone,
        task_links.doubted_at
    from raw.task_links
    inner join raw.tasks on task_links.uid = tasks.uid and task_links.source = tasks.source
    where
        task_links.source = $1
        and task_links.closed_at is null
        and task_links.collection not in (from lost)
    qualify row_number() over (
        partition by task_links.uid
        order by tasks.gone_at is null desc, tasks.gone_at desc, tasks.item_id desc
    ) = 1
)

select
    uid,
    collection,
    href,
    is_gone,
    timezone('UTC', doubted_at) as doubted_at
from standing
where
    (is_gone and doubted_at is not null)
    or (not is_gone and collection not in (from lists))
order by uid
