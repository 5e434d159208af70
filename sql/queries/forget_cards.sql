-- Delete a person's cards.
-- $1: records, $2: item_ids
-- on: state
delete from raw.contacts
where
    record_id in (select unnest($1::bigint[]))
    or item_id in (select unnest($2::bigint[]))
