-- Items that could not be read at all.
select
    count(*) || ' could not be read' as problem,
    rejects.source || coalesce(', ' || rejects.collection, '') as place,
    'kithbook rejects' as hint
from main.rejects
where not rejects.is_warning
group by rejects.source, rejects.collection
