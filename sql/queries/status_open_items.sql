-- What of an item could not be had yet, since when, and whether it was given up.
-- on: book
select
    source,
    collection_name as collection,
    href,
    why,
    timezone('UTC', open_since) as open_since,
    runs,
    is_given_up
from main.open_items
order by source, collection, href
