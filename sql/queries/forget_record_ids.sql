-- Delete the numbers of a person's records, and of cards that are gone whose key tells of them.
-- $1: records, $2: names and addresses
-- on: state
delete from raw.record_ids
where
    record_id in (select unnest($1::bigint[]))
    or (
        kind = 'card'
        and record_id not in (select record_id from raw.contacts)
        and exists (
            select 1
            from (select unnest($2::varchar[]) as text) as named
            where contains(lower(record_ids."key"), lower(named.text))
        )
    )
