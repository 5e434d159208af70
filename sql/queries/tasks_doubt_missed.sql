-- Note of which tasks of ours a listing said nothing.
-- $1: source, $2: collection, $3: hrefs that it did not name, $4: now
-- on: state
update raw.task_links set doubted_at = coalesce(doubted_at, $4)
where closed_at is null and uid in (
    select uid from raw.tasks
    where source = $1 and collection = $2 and href in (select unnest($3::varchar[]))
)
