-- One row per source that is pulled again and again: how old what we know of it is.
-- key: source
-- source: the source
-- pulled_at: when its calendars and books were last all read
-- is_stale: longer ago than stale_source_days
with cursors as (
    select * from raw.cursors
),

sources as (
    select * from raw.sources
),

settings as (
    select * from raw.settings
),

final as (
    select
        cursors.source,
        min(cursors.pulled_at) as pulled_at,
        coalesce(
            min(cursors.pulled_at)
            < any_value(settings.as_of) - interval 1 day * any_value(settings.stale_source_days),
            true
        ) as is_stale
    from cursors
    inner join sources on cursors.source = sources.source
    cross join settings
    where
        cursors.gone_at is null
        and not coalesce(sources.is_import, false)
    group by cursors.source
)

select * from final
