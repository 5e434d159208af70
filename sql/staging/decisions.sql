-- One row per decision of the user that stands: undone ones and the undos themselves have vanished.
-- key: decision_id
-- decision_id: its number in decisions.jsonl
-- decided_date: that day, in the owner's zone
-- verb: keep, in_touch, not_now, never, mute, rest, wake, every, snooze, pause, circle, merge,
-- split, never_same, introduce or log
-- person_id: the person (or the record to part, for split) as numbered then
-- every_days: the cadence given, null for the learned one
-- from_date: the day meant, for log
-- until_date: until when, for snooze and pause
-- value: the circle's name; gave or asked for log; off for a pause that ends one
with recursive decisions as (
    select * from raw.decisions
    -- what a run heard from a task is in remembered_tasks
    where task_uid is null
),

-- An undo that was itself undone undoes nothing: what counts is the parity of the longest chain.
chains as (
    select
        decisions.decision_id as start_id,
        decisions.decision_id as last_id,
        0 as undos
    from decisions
    where decisions.verb <> 'undo'
    union
    select
        chains.start_id,
        decisions.decision_id as last_id,
        chains.undos + 1 as undos
    from chains
    inner join decisions on chains.last_id = decisions.undoes and decisions.verb = 'undo'
),

standing as (
    select chains.start_id as decision_id
    from chains
    group by chains.start_id
    having max(chains.undos) % 2 = 0
)

select
    decisions.decision_id,
    decisions.decided_at,
    (decisions.decided_at at time zone settings.time_zone)::date as decided_date,
    decisions.owner_id,
    decisions.verb,
    decisions.person_id,
    decisions.other_id,
    decisions.every_days,
    decisions.from_date,
    decisions.until_date,
    decisions.value,
    decisions.note
from decisions
inner join standing on decisions.decision_id = standing.decision_id
cross join raw.settings
-- lines that stand twice in decisions.jsonl, as after two backups were put together
qualify row_number() over (
    partition by decisions.decision_id
    order by decisions.decided_at, decisions.verb, decisions.person_id
) = 1
