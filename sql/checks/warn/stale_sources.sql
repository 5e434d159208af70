-- A source that was not read for longer than stale_source_days.
select
    'not read since ' || coalesce(
        strftime(freshness.pulled_at at time zone settings.time_zone, '%-d %B %Y'), 'ever'
    ) || coalesce(': ' || freshness.error, '') as problem,
    freshness.source || coalesce(', ' || freshness.collection_name, '') as place,
    'kithbook doctor' as hint
from main.freshness
cross join raw.settings
where freshness.is_stale
