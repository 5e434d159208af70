-- Imports of an earlier version, with no digest, that have as many items as a source.
-- $1: source
-- on: state
with wanted as (
    select count(*) as items
    from raw.items
    where source = $1 and superseded_at is null and gone_at is null
)

select items.source
from raw.items
inner join raw.imports on items.source = imports.source
where imports.digest is null and items.superseded_at is null and items.gone_at is null
group by items.source
having count(*) = (select wanted.items from wanted)
order by items.source
