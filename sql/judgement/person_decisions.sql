-- One row per owner and person about whom the user decided something: the newest of each kind wins.
-- key: owner_id, person_id
-- choice: keep, in_touch, not_now or never
-- every_days: the cadence given to this person; null for the learned one
-- snooze_until: no task before this day
-- renewed_date: the last day on which the user showed that reminders are wanted
with told as (
    select
        decisions.owner_id,
        record_persons.person_id,
        decisions.verb,
        decisions.every_days,
        decisions.until_date,
        row(decisions.decided_at, decisions.decision_id) as said_order,
        decisions.decided_date
    from staging.decisions
    inner join identity.record_persons on decisions.person_id = record_persons.record_id
    where
        decisions.verb in (
            'keep', 'in_touch', 'not_now', 'never', 'every', 'snooze', 'mute', 'wake'
        )
    union all
    select
        task_note_decisions.owner_id,
        task_note_decisions.person_id,
        task_note_decisions.verb,
        task_note_decisions.every_days,
        null::date as until_date,
        row(
            task_note_decisions.decided_at,
            task_note_decisions.uid || lpad(task_note_decisions.line_number::varchar, 6, '0')
        ) as said_order,
        task_note_decisions.decided_date
    from judgement.task_note_decisions
)

select
    told.owner_id,
    told.person_id,
    -- a cadence given to somebody "not now" or "never" says that reminders are wanted again
    arg_max(if(told.verb = 'every', 'keep', told.verb), told.said_order) filter (
        where told.verb in ('keep', 'in_touch', 'not_now', 'never', 'every')
    ) as choice,
    arg_max(told.decided_date, told.said_order) filter (
        where told.verb in ('keep', 'in_touch', 'not_now', 'never', 'every')
    ) as choice_date,
    arg_max_null(told.every_days, told.said_order) filter (
        where told.verb in ('keep', 'every')
    ) as every_days,
    arg_max(told.decided_date, told.said_order) filter (
        where told.verb in ('keep', 'every')
    ) as every_date,
    arg_max_null(told.until_date, told.said_order) filter (
        where told.verb = 'snooze'
    ) as snooze_until,
    max(told.decided_date) filter (where told.verb in ('keep', 'every', 'wake')) as renewed_date
from told
group by told.owner_id, told.person_id
