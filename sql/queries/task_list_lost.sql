-- What stood in a list that is lost is over, and nobody was dismissed.
-- $1: now, $2: source
-- on: state
update raw.task_links
set closed_at = $1, close_reason = 'lost'
where
    source = $2
    and closed_at is null
    and collection in (
        select cursors.collection
        from raw.cursors
        where cursors.source = $2 and cursors.gone_at is not null
    )
