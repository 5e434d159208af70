-- One row per follow-up whose task is open: whether it stays, is ticked or is withdrawn, and why.
-- key: uid
-- person_id: the person as numbered now; null when nobody knows them any more
-- verdict: keep, tick or withdraw
-- reason: why it is ticked or withdrawn: met, paused, booked, …
-- snooze_until: the day the user put it off to with `snooze`
with links as (
    select * from history.task_outcomes
    where is_open
),

interactions as (
    select * from history.interactions
    where excluded_reason is null
),

-- A user's "never" or "in touch" in the task itself is no reason to leave the task standing, unless
-- they wrote something else besides.
worded as (
    select distinct task_note_decisions.uid
    from judgement.task_note_decisions
    where task_note_decisions.verb in ('never', 'in_touch') and task_note_decisions.is_alone
),

pairs as (
    select
        links.uid,
        links.person_id,
        links.opened_date,
        record_persons.person_id as other_id
    from links
    inner join staging.decisions on links.anchor = decisions.decision_id
    inner join identity.record_persons on decisions.other_id = record_persons.record_id
    where links.kind = 'introduction'
),

introduced as (
    select distinct pairs.uid
    from pairs
    inner join interactions
        on
            pairs.person_id = interactions.person_id
            and pairs.opened_date <= interactions.interaction_date
    inner join interactions as others
        on interactions.meeting_id = others.meeting_id and pairs.other_id = others.person_id
),

ordered as (
    select
        links.*,
        pairs.other_id,
        introduced.uid is not null as is_introduced,
        worded.uid is not null as is_worded,
        row_number() over (
            partition by links.owner_id, coalesce(links.person_id, -links.first_person_id)
            order by links.is_touched desc, links.opened_date asc, links.uid asc
        ) as task_number
    from links
    left join pairs using (uid)
    left join introduced using (uid)
    left join worded using (uid)
),

judged as (
    select
        ordered.*,
        wishes.snooze_until,
        -- the day that we wrote may be lost: the next birthday is then one of another year
        ordered.kind = 'birthday'
        and coalesce(
            ordered.wrote_due_date < settings.as_of_date,
            year(birthday_dates.next_date) > try_cast(ordered.anchor as integer)
        ) as is_passed,
        case
            when ordered.standing = 'unknown' then null
            when wishes.person_id is null or wishes.silent_reason = 'deceased' then null
            when coalesce(ordered.wrote_status, '') = 'completed' then null
            -- made to repeat: when that is over is the user's to say
            when ordered.is_recurring then null
            when ordered.kind = 'introduction' then case when ordered.is_introduced then 'met' end
            when ordered.kind = 'birthday'
                then case
                    when cadences.last_contact_date >= ordered.wrote_due_date then 'met'
                    when ordered.is_touched and is_passed then 'passed'
                end
            -- An old meeting that was moved, or found late, is no answer when it would be asked
            -- again the next night.
            when
                cadences.last_contact_date
                > coalesce(try_cast(ordered.anchor as date), date '0001-01-01')
                and (
                    cadences.last_contact_date >= ordered.opened_date
                    or again.person_id is null
                ) then 'met'
        end as tick_reason,
        case
            when ordered.standing = 'unknown' then null
            when
                ordered.is_worded
                and (wishes.silent_reason is not null or wishes.is_in_touch)
                then coalesce(wishes.silent_reason, 'in_touch')
            -- Of the dead and of those at rest nothing stays; what the user wrote is in the state.
            when ordered.person_id is not null and wishes.person_id is null then 'resting'
            when wishes.silent_reason = 'deceased' then 'deceased'
            when ordered.is_touched then null
            when ordered.person_id is null then 'forgotten'
            when wishes.silent_reason is not null then wishes.silent_reason
            when ordered.task_number > 1 then 'merged'
            when wishes.held_reason = 'paused' then 'paused'
            when is_passed then 'passed'
            when ordered.kind in ('check_in', 'reconnect', 'first_follow_up')
                then case
                    when wishes.is_in_touch then 'in_touch'
                    when
                        wishes.unasked_reason in ('not_now', 'colleague')
                        -- what another machine or an earlier book asked for was asked for there
                        or (
                            ordered.kind = 'check_in'
                            and wishes.unasked_reason = 'not_chosen'
                            and not ordered.is_adopted
                        )
                        then wishes.unasked_reason
                    when bookings.is_near then 'booked'
                    when birthdays.person_id is not null then 'birthday'
                    when
                        ordered.kind = 'check_in'
                        and cadences.cadence_source in ('given', 'circle')
                        and cadences.due_date > settings.as_of_date
                        and not ordered.is_adopted
                        then 'not_due'
                end
        end as withdraw_reason,
        ordered.kind <> 'birthday'
        and not ordered.is_touched
        and greatest(
            ordered.opened_date,
            ordered.wrote_due_date,
            coalesce(wishes.snooze_until, ordered.opened_date)
        ) + settings.expiry_days <= settings.as_of_date as is_expired
    from ordered
    left join judgement.birthday_dates using (owner_id, person_id)
    left join judgement.wishes using (owner_id, person_id)
    left join judgement.cadences using (owner_id, person_id)
    left join judgement.bookings using (owner_id, person_id)
    left join judgement.wanted_follow_ups as birthdays
        on
            ordered.owner_id = birthdays.owner_id
            and ordered.person_id = birthdays.person_id
            and birthdays.kind = 'birthday'
            and birthdays.blocked_reason is null
    left join judgement.wanted_follow_ups as again
        on
            ordered.owner_id = again.owner_id
            and ordered.person_id = again.person_id
            and ordered.kind = again.kind
            and again.blocked_reason is null
            and ordered.kind not in ('birthday', 'introduction')
    cross join raw.settings
)

select
    judged.uid,
    judged.owner_id,
    judged.person_id,
    judged.kind,
    judged."cycle",
    judged.other_id,
    judged.opened_date,
    case
        when judged.tick_reason is not null then 'tick'
        when judged.withdraw_reason is not null then 'withdraw'
        when judged.is_expired and judged.standing <> 'unknown' then 'withdraw'
        else 'keep'
    end as verdict,
    coalesce(
        judged.tick_reason,
        judged.withdraw_reason,
        case when judged.is_expired and judged.standing <> 'unknown' then 'expired' end
    ) as reason,
    judged.snooze_until,
    judged.kind not in ('birthday', 'introduction') as is_capped
from judged
