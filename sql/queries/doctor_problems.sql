-- The first problems that `doctor` has no line of its own for.
-- on: book
select
    place,
    problem,
    hint
from main.problems
where name not in ('rejects', 'deceased_hints', 'stale_sources')
order by all limit 5
