-- Note a collection whose cursor does not move. One that was gone is read from its beginning.
-- $1: source, $2: collection, $3: name, $4: kinds
-- on: state
update raw.cursors
set
    collection_name = $3,
    kinds = $4,
    gone_at = null,
    cursor = case when gone_at is null then cursor end
where source = $1 and collection = $2
returning source
