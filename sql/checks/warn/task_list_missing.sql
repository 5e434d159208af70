-- The list that our tasks stand in is no longer there: nothing is concluded, nothing is changed.
select
    count(*) || ' open follow-ups stand in a list that is missing' as problem,
    links.source || ', ' || links.collection as place,
    'kithbook doctor' as hint
from history.links
where links.standing = 'unknown'
group by
    links.source,
    links.collection
