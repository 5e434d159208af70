-- One row per owner, person and day in touch on which a reminder of ours stood open, or which was
-- the first since one was opened.
-- key: owner_id, person_id, contact_date
-- is_while_open: while such a task was open, a contact was its doing
-- is_first_since: the silence before it ended after such a task was opened
with reminders as (
    select
        task_outcomes.owner_id,
        task_outcomes.person_id,
        task_outcomes.uid,
        task_outcomes.opened_date,
        coalesce(task_outcomes.closed_date, settings.as_of_date) as closed_date
    from history.task_outcomes
    cross join raw.settings
    where
        task_outcomes.kind in ('check_in', 'reconnect', 'first_follow_up')
        and task_outcomes.person_id is not null
        and task_outcomes.standing <> 'unwritten'
),

days_since as (
    select
        contact_days.owner_id,
        contact_days.person_id,
        contact_days.contact_date,
        contact_days.contact_date <= reminders.closed_date as is_while_open,
        contact_days.owner_id = reminders.owner_id
        and contact_days.contact_date = min(contact_days.contact_date) over (
            partition by contact_days.owner_id, reminders.uid
        ) as is_first_since
    from history.contact_days
    inner join reminders
        on
            contact_days.person_id = reminders.person_id
            and contact_days.contact_date >= reminders.opened_date
)

select
    days_since.owner_id,
    days_since.person_id,
    days_since.contact_date,
    bool_or(days_since.is_while_open) as is_while_open,
    bool_or(days_since.is_first_since) as is_first_since
from days_since
group by days_since.owner_id, days_since.person_id, days_since.contact_date
having bool_or(days_since.is_while_open) or bool_or(days_since.is_first_since)
