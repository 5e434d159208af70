-- Forget what was noted of a source's collections. What was a directory once is remembered: its
-- people are not to come back when it is gone.
-- $1: source, $2: collections that are noted anew
-- on: state
delete from raw.collections
where
    source = $1
    and not (is_directory and collection not in (select unnest($2::varchar[])))
