-- Drop rejects of earlier runs that say nothing of what is there now.
-- $1: source, $2: collection, $3: this run, $4: hrefs, $5: those of no item too
-- on: state
delete from raw.rejects
where
    source = $1
    and collection = $2
    and run_id < $3
    and (href in (select unnest($4::varchar[])) or (href is null and $5))
