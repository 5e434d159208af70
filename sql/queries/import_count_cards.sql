-- How many people's cards and groups a source has.
-- $1: source
-- on: state
select
    count(*) filter (where kind <> 'group') as cards,
    count(*) filter (where kind = 'group') as groups
from raw.contacts
where source = $1 and gone_at is null
