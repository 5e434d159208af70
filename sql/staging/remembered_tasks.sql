-- One row per task of which decisions.jsonl remembers something: how its cycle ended, and the words
-- that stood in it. The last line of each kind counts, whoever wrote it how often.
-- key: uid
-- owner_id: whose follow-up
-- person_id: a record of the person, by the keys in the line; null where none is known
-- cycle: what fixes this round of it
-- close_reason: ticked, dismissed, expired, or reopened where the user took that back; null where
-- nothing is remembered of it
-- heard: the decisions that stood in it, one a line; null without any
-- heard_at: since when
select
    decisions.task_uid as uid,
    arg_max(decisions.owner_id, decisions.decided_at) as owner_id,
    arg_max(decisions.person_id, decisions.decided_at) as person_id,
    arg_max(decisions.task_kind, decisions.decided_at) as kind,
    arg_max(decisions.task_cycle, decisions.decided_at) as "cycle",
    arg_max(
        decisions."value", row(decisions.decided_at, decisions.decision_id)
    ) filter (where decisions.verb = 'closed') as close_reason,
    arg_max(
        decisions.until_date, row(decisions.decided_at, decisions.decision_id)
    ) filter (where decisions.verb = 'closed') as closed_date,
    nullif(
        arg_max(
            decisions."value", row(decisions.decided_at, decisions.decision_id)
        ) filter (where decisions.verb = 'heard'),
        ''
    ) as heard,
    max(decisions.decided_at) filter (where decisions.verb = 'heard') as heard_at
from raw.decisions
where decisions.verb in ('closed', 'heard') and decisions.task_uid is not null
group by decisions.task_uid
