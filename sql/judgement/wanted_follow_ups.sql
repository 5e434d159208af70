-- One row per owner, person and kind of follow-up whose time has come, whether it may open or not.
-- key: owner_id, person_id, kind, anchor
-- anchor: what fixes the round: the last contact, the first meeting, the year, the decision
-- other_id: the person to introduce them to
-- urgency: days over, as a share of the cadence
-- waiting_days: days since it could first have been asked: since it was due, since kithbook has
-- known them or their cadence, since the silence after the last one was over
-- is_capped: it counts against open_at_most and per_week
-- blocked_reason: the first thing that keeps it from opening, caps aside
-- blocked_until: until when, where that is known
with check_ins as (
    select
        cadences.owner_id,
        cadences.person_id,
        case
            when
                cadences.state in ('lapsed', 'dormant')
                and not wishes.is_chosen
                and cadences.cadence_source = 'learned' then 'reconnect'
            else 'check_in'
        end as kind,
        coalesce(cadences.last_contact_date::varchar, 'none') as anchor,
        cadences.due_date,
        greatest(cadences.days_over, 0) / greatest(cadences.cadence_days, 1) as urgency
    from judgement.cadences
    inner join judgement.wishes using (owner_id, person_id)
    left join judgement.strengths using (owner_id, person_id)
    cross join raw.settings
    where
        not wishes.is_in_touch
        and cadences.due_date <= settings.as_of_date
        -- only a tie that once was strong is worth taking up after so long
        and (kind = 'check_in' or strengths.best_layer_size <= 50)
),

-- What is asked once a round.
asked_once as (
    select
        birthday_dates.owner_id,
        birthday_dates.person_id,
        'birthday' as kind,
        year(birthday_dates.next_date)::varchar as anchor,
        birthday_dates.next_date as due_date,
        1.0::double as urgency
    from judgement.birthday_dates
    inner join judgement.wishes using (owner_id, person_id)
    cross join raw.settings
    where
        birthday_dates.next_date <= settings.as_of_date + settings.birthday_lead_days
        and (
            wishes.is_chosen
            or wishes.is_in_touch
            or wishes.is_in_circle
            or (
                wishes.layer_size <= settings.birthday_layer
                and not wishes.is_waiting
                and coalesce(wishes.unasked_reason, '') <> 'colleague'
            )
        )
    union all by name
    select
        new_people.owner_id,
        new_people.person_id,
        'first_follow_up' as kind,
        new_people.arrival_date::varchar as anchor,
        new_people.arrival_date + 1 as due_date,
        1.0::double as urgency
    from judgement.new_people
    inner join judgement.wishes using (owner_id, person_id)
    where not wishes.is_in_touch and not wishes.is_waiting
    union all by name
    select
        decisions.owner_id,
        first_persons.person_id,
        'introduction' as kind,
        decisions.decision_id as anchor,
        settings.as_of_date as due_date,
        second_persons.person_id as other_id,
        1.0::double as urgency
    from staging.decisions
    inner join identity.record_persons as first_persons
        on decisions.person_id = first_persons.record_id
    inner join identity.record_persons as second_persons
        on decisions.other_id = second_persons.record_id
    cross join raw.settings
    where decisions.verb = 'introduce' and first_persons.person_id <> second_persons.person_id
),

weighed as (
    select
        check_ins.*,
        true as is_check
    from check_ins
    union all by name
    select
        asked_once.*,
        asked_once.kind = 'first_follow_up' as is_check
    from asked_once
    -- what was ticked, dismissed or over does not come back
    anti join history.task_outcomes as done
        on
            asked_once.owner_id = done.owner_id
            and asked_once.person_id = done.person_id
            and asked_once.kind = done.kind
            and not done.is_open
            and done.close_reason in ('ticked', 'met', 'dismissed', 'expired', 'passed')
            -- a first follow-up comes once, whenever another book thinks that they met
            and (asked_once.kind = 'first_follow_up' or asked_once.anchor = done.anchor)
),

-- Their last evidence comes from stale collections alone: it may be out of date, so that no
-- check-in opens on it.
stale_people as (
    select
        interactions.owner_id,
        interactions.person_id
    from history.interactions
    inner join judgement.strengths
        on
            interactions.owner_id = strengths.owner_id
            and interactions.person_id = strengths.person_id
            and interactions.interaction_date = strengths.last_contact_date
    left join staging.meetings using (meeting_id)
    left join history.task_outcomes
        on interactions.kind = 'follow_up' and interactions.uid = task_outcomes.uid
    left join staging.tasks
        on
            interactions.kind = 'task'
            and interactions.source = tasks.source
            and interactions.uid = tasks.uid
    left join judgement.collection_ages
        on
            interactions.source = collection_ages.source
            and coalesce(meetings.collection, task_outcomes.collection, tasks.collection)
            = collection_ages.collection
    where interactions.excluded_reason is null
    group by interactions.owner_id, interactions.person_id
    having bool_and(coalesce(collection_ages.is_stale, false))
)

select
    weighed.owner_id,
    weighed.person_id,
    weighed.kind,
    weighed.anchor,
    weighed.due_date,
    weighed.other_id,
    wishes.importance,
    weighed.urgency,
    greatest(
        settings.as_of_date - greatest(
            weighed.due_date, judged_people.first_seen_date, cadences.given_date,
            dismissals.silent_until
        ),
        0
    ) as waiting_days,
    weighed.kind not in ('birthday', 'introduction') as is_capped,
    case
        when wishes.silent_reason is not null then wishes.silent_reason
        when weighed.kind = 'check_in' and wishes.unasked_reason is not null
            then wishes.unasked_reason
        -- A friend lost from sight for years may be proposed though nobody chose them.
        when
            weighed.kind = 'reconnect'
            and (
                wishes.unasked_reason <> 'not_chosen'
                or wishes.is_waiting
                or cadences.state <> 'dormant'
            )
            then wishes.unasked_reason
        when
            weighed.kind = 'first_follow_up'
            and wishes.unasked_reason in ('not_now', 'colleague') then wishes.unasked_reason
        when wishes.held_reason is not null then wishes.held_reason
        when weighed.is_check and dismissals.is_muted then 'dismissed_three_times'
        when weighed.is_check and dismissals.silent_until > settings.as_of_date
            then if(dismissals.running = 0, 'withdrawn_elsewhere', 'dismissed')
        when is_capped and bookings.is_near then 'booked'
        when weighed.is_check and stale_people.person_id is not null then 'stale'
    end as blocked_reason,
    case
        when wishes.held_reason = 'snoozed' then wishes.snooze_until
        when weighed.is_check and dismissals.silent_until > settings.as_of_date
            then dismissals.silent_until
        when weighed.is_check and bookings.is_near then bookings.next_date
    end as blocked_until
from weighed
inner join judgement.wishes using (owner_id, person_id)
inner join identity.judged_people using (owner_id, person_id)
cross join raw.settings
left join judgement.cadences using (owner_id, person_id)
left join judgement.dismissals using (owner_id, person_id)
left join judgement.bookings using (owner_id, person_id)
left join stale_people using (owner_id, person_id)
