-- Note what came of a run.
-- $1: when it ended, $2: status, $3: error, $4 to $6: items changed, gone and rejected, $7 and $8:
-- requests made and allowed, $9: the kind of trouble, $10: the run
-- on: state
update raw.runs
set
    ended_at = $1,
    status = $2,
    error = $3,
    items_changed = $4,
    items_gone = $5,
    items_rejected = $6,
    requests_made = $7,
    requests_allowed = $8,
    trouble = $9
where run_id = $10
