-- One row per owner and person about whom the user decided something: the newest of each kind wins.
-- key: owner_id, person_id
-- choice: keep, in_touch, not_now or never
-- choice_date: the day of that choice
-- every_days: the cadence given to this person; null for the learned one
-- every_date: the day it was given
-- snooze_until: no task before this day
-- renewed_date: the last day on which the user showed that reminders are wanted
with told as (
    select
        decisions.owner_id,
        record_persons.person_id,
        decisions.verb,
        decisions.every_days,
        decisions.until_date,
        decisions.decided_at,
        decisions.decision_id,
        (decisions.decided_at at time zone settings.time_zone)::date as decided_date
    from staging.decisions
    inner join identity.record_persons on decisions.person_id = record_persons.record_id
    cross join raw.settings
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
        task_note_decisions.decided_at,
        task_note_decisions.uid
        || lpad(task_note_decisions.line_number::varchar, 6, '0') as decision_id,
        task_note_decisions.decided_date
    from judgement.task_note_decisions
),

-- A cadence given to somebody "not now" or "never" says that reminders are wanted again.
numbered as (
    select
        told.*,
        row_number() over (
            partition by
                told.owner_id,
                told.person_id,
                told.verb in ('keep', 'in_touch', 'not_now', 'never', 'every')
            order by told.decided_at desc, told.decision_id desc
        ) as choice_number,
        row_number() over (
            partition by told.owner_id, told.person_id, told.verb in ('keep', 'every')
            order by told.decided_at desc, told.decision_id desc
        ) as cadence_number,
        row_number() over (
            partition by told.owner_id, told.person_id, told.verb
            order by told.decided_at desc, told.decision_id desc
        ) as verb_number
    from told
)

select
    numbered.owner_id,
    numbered.person_id,
    max(case when numbered.verb = 'every' then 'keep' else numbered.verb end) filter (
        where numbered.verb in ('keep', 'in_touch', 'not_now', 'never', 'every')
        and numbered.choice_number = 1
    ) as choice,
    max(numbered.decided_date) filter (
        where numbered.verb in ('keep', 'in_touch', 'not_now', 'never', 'every')
        and numbered.choice_number = 1
    ) as choice_date,
    max(numbered.every_days) filter (
        where numbered.verb in ('keep', 'every') and numbered.cadence_number = 1
    ) as every_days,
    max(numbered.decided_date) filter (
        where numbered.verb in ('keep', 'every') and numbered.cadence_number = 1
    ) as every_date,
    max(numbered.until_date) filter (
        where numbered.verb = 'snooze' and numbered.verb_number = 1
    ) as snooze_until,
    max(numbered.decided_date) filter (
        where numbered.verb in ('keep', 'every', 'wake')
    ) as renewed_date
from numbered
group by numbered.owner_id, numbered.person_id
