-- Note since when which decisions stand alone on a line in our tasks.
-- $1: now
-- on: state
with standing as (
    select
        tasks.uid,
        tasks.title,
        tasks.notes
    from raw.tasks
    inner join raw.task_links on tasks.uid = task_links.uid
    left join raw.cursors on tasks.source = cursors.source and tasks.collection = cursors.collection
    qualify row_number() over (
        partition by tasks.uid
        order by
            -- where it stands, be it in another list; a list that is not there says the least
            tasks.gone_at is null and cursors.gone_at is null desc,
            coalesce(tasks.collection = task_links.collection, false) desc,
            tasks.gone_at desc nulls first,
            tasks.item_id desc
    ) = 1
),

lines as (
    select
        uid,
        trim(
            unnest(
                string_split(
                    replace(lower(concat_ws(chr(10), title, notes)), chr(13), chr(10)), chr(10)
                )
            )
        ) as line
    from standing
),

spoken as (
    select
        uid,
        string_agg(distinct line, chr(10) order by line) as words
    from lines
    where regexp_matches(line, '^(never|in touch|every .{1,20})$')
    group by uid
),

changed as (
    select
        task_links.uid,
        spoken.words
    from raw.task_links
    left join spoken on task_links.uid = spoken.uid
    where task_links.heard is distinct from spoken.words
)

update raw.task_links
set heard = changed.words, heard_at = case when changed.words is not null then $1 end
from changed
where task_links.uid = changed.uid
