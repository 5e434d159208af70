-- Take a person out of the guests of events.
-- $1: item_ids, $2: records
-- on: state
update raw.meetings
set
    attendees = list_filter(
        attendees, lambda one: not coalesce(list_contains($2::bigint[], one.record_id), false)
    ),
    organizer = case
        when list_contains($2::bigint[], organizer.record_id) then null
        else organizer
    end
where item_id in (select unnest($1::bigint[]))
