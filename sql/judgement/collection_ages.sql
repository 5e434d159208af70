-- One row per collection that is pulled again and again: how old what we know of it is.
-- key: source, collection
-- is_refused: its server refuses it and the config does not name it, so that nobody waits for it
-- is_stale: read longer ago than stale_source_days, and not refused
select
    cursors.source,
    cursors.collection,
    cursors.pulled_at,
    coalesce(collections.is_refused and not collections.is_named, false) as is_refused,
    not coalesce(collections.is_refused and not collections.is_named, false)
    and coalesce(
        cursors.pulled_at < settings.as_of - interval 1 day * settings.stale_source_days, true
    ) as is_stale
from raw.cursors
inner join raw.sources on cursors.source = sources.source
cross join raw.settings
left join raw.collections
    on cursors.source = collections.source and cursors.collection = collections.collection
where cursors.gone_at is null and not coalesce(sources.is_import, false)
