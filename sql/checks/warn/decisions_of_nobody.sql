-- Something the user said of somebody whom no record names any more: it has no effect.
select
    'a decision is about somebody who is in no source any more' as problem,
    decisions.verb || ', said on ' || strftime(decisions.decided_at, '%Y-%m-%d') as place,
    'kithbook undo ' || decisions.decision_id as hint
from raw.decisions
where
    decisions.person_id is null
    and decisions.task_uid is null
    and decisions.verb not in ('pause', 'undo', 'me')
    and not exists (
        select 1 from raw.decisions as later
        where later.verb = 'undo' and later.undoes = decisions.decision_id
    )
