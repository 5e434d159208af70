-- Take a name out of the titles and places of events.
-- $1: item_ids, $2: the name as a regular expression, $3: what stands in its place
-- on: state
update raw.meetings
set
    summary = regexp_replace(summary, $2, $3, 'gi'),
    location = regexp_replace(location, $2, $3, 'gi')
where item_id in (select unnest($1::bigint[]))
