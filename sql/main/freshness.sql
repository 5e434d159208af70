-- One row per source and collection: when it was last read, whether that is too long ago, and what
-- is wrong with it.
-- key: source, collection
-- source: the source
-- collection: the address book, calendar or list in it
-- collection_name: its name as the source shows it
-- kinds: what it holds: contact, event, task
-- items: how many things it holds
-- pulled_at: when it was last read; null where it never was
-- days_old: whole days since then
-- status: fresh, stale, refused (its server does not give it to us, and the config does not name
-- it), never (it could not be read yet), import (came in once and never changes) or gone (no longer
-- there)
-- is_import: it came in by `kithbook import` and never changes
-- is_stale: longer ago than stale_source_days: no check-ins open on its evidence
-- is_gone: the source no longer has this collection
-- error: why it could not be read in the last run of its source, if it could not
-- hint: what to do about that
with last_runs as (
    select
        source,
        error
    from raw.runs
    qualify row_number() over (partition by source order by run_id desc) = 1
),

held as (
    select
        source,
        collection,
        count(*) as items
    from raw.items
    where superseded_at is null and gone_at is null
    group by source, collection
),

-- Those that were read once, and those that never could be.
known as (
    select
        cursors.source,
        cursors.collection,
        cursors.collection_name,
        cursors.kinds,
        cursors.pulled_at,
        cursors.gone_at is not null as is_gone,
        true as was_read,
        case when collections.source is null then last_runs.error else collections.error end
            as error,
        collections.hint
    from raw.cursors
    left join raw.collections using (source, collection)
    left join last_runs on cursors.source = last_runs.source
    union all
    select
        collections.source,
        collections.collection,
        collections.collection_name,
        collections.kinds,
        null::timestamptz as pulled_at,
        false as is_gone,
        false as was_read,
        collections.error,
        collections.hint
    from raw.collections
    anti join raw.cursors using (source, collection)
    where collections.error is not null
)

select
    known.source,
    known.collection,
    known.collection_name,
    known.kinds,
    coalesce(held.items, 0) as items,
    known.pulled_at,
    datediff('second', known.pulled_at, settings.as_of) // 86400 as days_old,
    case
        when known.is_gone then 'gone'
        when coalesce(sources.is_import, false) then 'import'
        when not known.was_read then 'never'
        when collection_ages.is_refused then 'refused'
        when coalesce(
            collection_ages.is_stale,
            known.pulled_at < settings.as_of - interval 1 day * settings.stale_source_days,
            true
        ) then 'stale'
        else 'fresh'
    end as status,
    coalesce(sources.is_import, false) as is_import,
    status = 'stale' as is_stale,
    known.is_gone,
    case when not known.is_gone then known.error end as error,
    case when not known.is_gone then known.hint end as hint
from known
cross join raw.settings
left join raw.sources using (source)
left join judgement.collection_ages using (source, collection)
left join held using (source, collection)
