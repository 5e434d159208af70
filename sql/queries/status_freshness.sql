-- How fresh each collection is, a row each; then the sources that never could be read: these have
-- no collection yet. A file that was not imported is no source.
-- on: book
with
live as (
    select
        source,
        collection_name,
        kinds,
        status,
        timezone('UTC', pulled_at) as pulled_at,
        items,
        error,
        hint
    from main.freshness
    where not is_gone
),

last_runs as (
    select
        source,
        error
    from main.runs
    where not starts_with(source, 'import/')
    qualify row_number() over (partition by source order by run_id desc) = 1
)

select * from live
union all by name
select
    last_runs.source,
    'never' as status,
    0 as items,
    last_runs.error
from last_runs
where last_runs.error is not null and last_runs.source not in (select live.source from live)
order by source, collection_name
