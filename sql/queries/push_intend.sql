-- Write down what we are about to write. The fields that the user changed are sent as they stand
-- and are not taken for our own words.
-- $1: UID, $2: action, $3: title, $4: notes, $5: due date, $6: priority, $7: status, $8: now,
-- $9: the user's fields, $10: reason
-- on: state
update raw.task_links
set
    intends_action = $2,
    intends_title = case when list_contains($9::varchar[], 'title') then wrote_title else $3 end,
    intends_notes = case when list_contains($9::varchar[], 'notes') then wrote_notes else $4 end,
    intends_due_date
    = case when list_contains($9::varchar[], 'due_date') then wrote_due_date else $5 end,
    intends_priority
    = case when list_contains($9::varchar[], 'priority') then wrote_priority else $6 end,
    intends_status = $7,
    intends_at = $8,
    intends_reason = $10
where uid = $1
