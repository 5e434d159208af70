-- How many cards an import has, and how many of them imports had brought before.
-- $1: sources of the import, $2: records of the cards that imports had brought before
-- on: state
select
    count(*) as cards,
    count(*) filter (where record_id in (select unnest($2::bigint[]))) as known
from state.raw.contacts
where source in (select unnest($1::varchar[])) and gone_at is null and kind <> 'group'
