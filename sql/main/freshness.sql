-- One row per source and collection: when it was last read, and whether that is too long ago.
-- key: source, collection
-- source: the source
-- collection: the address book, calendar or list in it
-- collection_name: its name as the source shows it
-- kinds: what it holds: contact, event, task
-- items: how many things it holds
-- pulled_at: when it was last read
-- days_old: whole days since then
-- status: fresh, stale, import (came in once and never changes) or gone (no longer there)
-- is_import: it came in by `kithbook import` and never changes
-- is_stale: longer ago than stale_source_days: no check-ins open on its evidence
-- is_gone: the source no longer has this collection
-- error: what the last run of the source failed with, if it failed
with cursors as (
    select * from raw.cursors
),

sources as (
    select * from raw.sources
),

runs as (
    select * from raw.runs
),

items as (
    select * from raw.items
),

settings as (
    select * from raw.settings
),

last_runs as (
    select
        runs.source,
        runs.error
    from runs
    qualify row_number() over (
        partition by runs.source
        order by runs.run_id desc
    ) = 1
),

held as (
    select
        items.source,
        items.collection,
        count(*) as items
    from items
    where
        items.superseded_at is null
        and items.gone_at is null
    group by
        items.source,
        items.collection
),

aged as (
    select
        cursors.source,
        cursors.collection,
        cursors.collection_name,
        cursors.kinds,
        coalesce(held.items, 0) as items,
        cursors.pulled_at,
        datediff('second', cursors.pulled_at, settings.as_of) // 86400 as days_old,
        coalesce(sources.is_import, false) as is_import,
        cursors.gone_at is null
        and not coalesce(sources.is_import, false)
        and coalesce(
            cursors.pulled_at < settings.as_of - interval 1 day * settings.stale_source_days,
            true
        ) as is_stale,
        cursors.gone_at is not null as is_gone,
        last_runs.error
    from cursors
    cross join settings
    left join sources on cursors.source = sources.source
    left join last_runs on cursors.source = last_runs.source
    left join held
        on
            cursors.source = held.source
            and cursors.collection = held.collection
),

final as (
    select
        aged.source,
        aged.collection,
        aged.collection_name,
        aged.kinds,
        aged.items,
        aged.pulled_at,
        aged.days_old,
        case
            when aged.is_gone then 'gone'
            when aged.is_import then 'import'
            when aged.is_stale then 'stale'
            else 'fresh'
        end as status,
        aged.is_import,
        aged.is_stale,
        aged.is_gone,
        aged.error
    from aged
)

select * from final
