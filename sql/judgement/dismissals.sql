-- One row per owner and person whose reminders were dismissed or ran out since they were last in
-- touch (or since the user last asked for reminders). One that another machine withdrew is not
-- asked again at once either, or the two would write and withdraw it in turn; but it is no
-- dismissal.
-- key: owner_id, person_id
-- running: how many in a row the user dismissed or let run out
-- silent_until: no reminder before this day: one cadence after it, two after the second
-- is_muted: three in a row: no reminders until the user asks for them again
with since as (
    select
        task_outcomes.owner_id,
        task_outcomes.person_id,
        task_outcomes.closed_date,
        task_outcomes.close_reason <> 'withdrawn_elsewhere' as is_dismissed,
        cadences.cadence_days
    from history.task_outcomes
    inner join judgement.cadences using (owner_id, person_id)
    left join judgement.person_decisions using (owner_id, person_id)
    where
        task_outcomes.kind in ('check_in', 'reconnect', 'first_follow_up')
        and task_outcomes.close_reason in ('dismissed', 'expired', 'withdrawn_elsewhere')
        and task_outcomes.closed_date > coalesce(cadences.last_contact_date, date '0001-01-01')
        and task_outcomes.closed_date > coalesce(person_decisions.renewed_date, date '0001-01-01')
)

select
    since.owner_id,
    since.person_id,
    count(*) filter (where since.is_dismissed) as running,
    max(since.closed_date) + ceil(
        max(since.cadence_days)
        * case when count(*) filter (where since.is_dismissed) >= 2 then 2 else 1 end
    )::integer as silent_until,
    count(*) filter (where since.is_dismissed) >= 3 as is_muted
from since
group by since.owner_id, since.person_id
