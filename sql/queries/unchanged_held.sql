-- One row: what the state holds, told by counts and hashes, but for when it was last pulled. Cards
-- and meetings change only with an item's version or the span it is expanded for.
-- $1: now
-- on: state
select
    (
        select
            row(
                count(*), bit_xor(hash(item_id, etag, gone_at, superseded_at, expanded_until))
            )
        from state.raw.items
    ) as items,
    (select count(*) from state.raw.contacts) as contacts,
    (select row(count(*), max(meeting_id)) from state.raw.meetings) as meetings,
    (select row(count(*), max(given_at)) from state.raw.record_ids) as record_ids,
    (select row(count(*), bit_xor(hash(tasks))) from state.raw.tasks) as tasks,
    (select row(count(*), bit_xor(hash(task_links))) from state.raw.task_links) as task_links,
    (select row(count(*), bit_xor(hash(imports))) from state.raw.imports) as imports,
    (
        select row(count(*), bit_xor(hash(source, collection, href, reason)))
        from state.raw.rejects
    ) as rejects,
    (
        select row(count(*), bit_xor(hash(source, collection, href, words, given_up_at)))
        from state.raw.open_items
    ) as open_items,
    (
        select
            row(
                count(*),
                bit_xor(hash(
                    source, collection, collection_name, kinds, gone_at, first_complete_at,
                    datediff('second', pulled_at, $1::timestamptz) // 86400
                ))
            )
        from state.raw.cursors
    ) as cursors,
    (
        select
            row(
                count(*),
                bit_xor(hash(
                    source, collection, collection_name, kinds, error, hint, is_refused,
                    refused_days, missing_since
                ))
            )
        from state.raw.collections
    ) as collections,
    (
        select list(row(source, status, trouble, error) order by source)
        from (
            select * from state.raw.runs
            qualify row_number() over (partition by source order by run_id desc) = 1
        ) as last_runs
    ) as last_runs
