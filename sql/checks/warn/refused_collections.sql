-- A collection whose server refuses it while the rest of its source is read.
select
    'its server does not let us read it' as problem,
    collections.source || ', ' || collections.collection_name as place,
    coalesce(nullif(collections.hint, ''), 'kithbook doctor') as hint
from raw.collections
where collections.is_refused
