-- One row per thing that somebody should look at: what the checks of sql/checks/warn return.
-- key: name, problem, place, hint
-- name: the check
-- problem: what is wrong
-- place: where
-- hint: the next step
with problems (name, problem, place, hint) as (
    select
        ''::varchar as name,
        ''::varchar as problem,
        ''::varchar as place,
        ''::varchar as hint
    where false
)

select
    problems.name,
    problems.problem,
    problems.place,
    problems.hint
from problems
