-- One row per configured source and per import.
-- key: source
-- source: its name
-- type: the connector that reads it
-- is_import: it was imported once and is not pulled again
select
    sources.source,
    sources.type,
    coalesce(sources.is_import, false) as is_import
from raw.sources
