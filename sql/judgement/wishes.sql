-- One row per owner and person who is not resting: what the user wants, and what holds tasks back.
-- key: owner_id, person_id
-- is_chosen: kept, given a cadence, or in a circle that is not in touch anyway
-- is_in_touch: in touch anyway: birthdays only
-- importance: 1 to 6: the layer, and one more for the chosen
-- layer_size: 5, 15, 50, 150; a million for beyond and for those without contact
-- silent_reason: why they get no task at all: deceased, never or muted
-- held_reason: why they get none now: paused or snoozed
-- unasked_reason: why they get none unasked: not_now, colleague, not_chosen (choose has run) or
-- not_chosen_yet (it has not, and they are not among the closest)
-- is_waiting: known from imported files alone and not chosen yet: nothing opens by itself
-- snooze_until: the day a snooze ends, if one holds
with chosen_before as (
    select count(*) > 0 as has_chosen
    from staging.decisions
    where decisions.verb in ('keep', 'not_now', 'never')
),

-- Colleagues fill the closest layers of a working calendar: the gate counts the others.
outsiders as (
    select
        strengths.owner_id,
        strengths.person_id,
        row_number() over (
            partition by strengths.owner_id
            order by strengths.strength_rank
        ) as outsider_rank
    from judgement.strengths
    inner join identity.judged_people on strengths.person_id = judged_people.person_id
    where not coalesce(judged_people.is_colleague, false)
)

select
    judged_people.owner_id,
    judged_people.person_id,
    coalesce(person_decisions.choice = 'keep', false)
    or (
        circle_wishes.person_id is not null
        and not circle_wishes.is_in_touch
        and person_decisions.choice is null
    ) as is_chosen,
    case
        when person_decisions.choice is not null then person_decisions.choice = 'in_touch'
        else coalesce(circle_wishes.is_in_touch, false)
    end as is_in_touch,
    circle_wishes.person_id is not null as is_in_circle,
    case strengths.layer_size
        when 5 then 5
        when 15 then 4
        when 50 then 3
        when 150 then 2
        else 1
    end + is_chosen::integer as importance,
    coalesce(strengths.layer_size, 1000000) as layer_size,
    case
        when judged_people.is_deceased_hint then 'deceased'
        when person_decisions.choice = 'never' then 'never'
        when judged_people.is_muted then 'muted'
    end as silent_reason,
    case
        when pauses.paused_until > settings.as_of_date then 'paused'
        when person_decisions.snooze_until > settings.as_of_date then 'snoozed'
    end as held_reason,
    case
        when person_decisions.choice = 'not_now' then 'not_now'
        when is_chosen then null
        when judged_people.is_colleague then 'colleague'
        when chosen_before.has_chosen then 'not_chosen'
        when
            judged_people.is_import_only
            or coalesce(outsiders.outsider_rank, 1000000) > settings.unchosen_layer
            then 'not_chosen_yet'
    end as unasked_reason,
    coalesce(judged_people.is_import_only, false)
    and person_decisions.choice is null
    and not is_in_circle as is_waiting,
    case
        when person_decisions.snooze_until > settings.as_of_date then person_decisions.snooze_until
    end as snooze_until
from identity.judged_people
left join judgement.person_decisions using (owner_id, person_id)
left join judgement.circle_wishes using (owner_id, person_id)
left join judgement.strengths using (owner_id, person_id)
left join outsiders using (owner_id, person_id)
cross join raw.settings
cross join chosen_before
cross join judgement.pauses
