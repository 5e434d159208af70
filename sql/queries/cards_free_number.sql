-- Take back a number that no card has.
-- $1: record_id
-- on: state
delete from raw.record_ids
where
    record_id = $1
    and not exists (
        select 1
        from raw.contacts
        where contacts.record_id = $1
    )
