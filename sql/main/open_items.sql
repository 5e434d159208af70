-- One row per item that a source named and could not hand out: it is asked for again each run.
-- key: source, collection, href
-- source: the source
-- collection: the address book, calendar or list in it
-- collection_name: what people call it
-- href: the item
-- why: what the server said
-- open_since: since when; UTC
-- runs: in how many runs it was asked for
-- is_given_up: it counts as unreadable until the next full listing
select
    open_items.source,
    open_items.collection,
    coalesce(cursors.collection_name, open_items.collection) as collection_name,
    open_items.href,
    open_items.words as why,
    open_items.first_at as open_since,
    open_items.runs,
    open_items.given_up_at is not null as is_given_up
from raw.open_items
left join raw.cursors using (source, collection)
