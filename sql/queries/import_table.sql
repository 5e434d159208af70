-- All imports that count, in the order in which they came.
-- $1: how their sources begin
-- on: state
select
    source,
    file,
    path,
    options,
    digest,
    timezone('UTC', began_at) as began_at,
    timezone('UTC', finished_at) as finished_at,
    replaced
from raw.imports
where starts_with(source, $1)
order by began_at, source
