-- One row per owner, person and occasion on which they may have been in touch, with the first rule
-- that keeps it from counting. Meetings to come and second copies are left out; the resting too.
-- key: owner_id, person_id, meeting_id, uid
-- kind: the rule that lets it count: meeting, large_series, title, name, log, follow_up or task
-- interaction_date: the day, in the owner's zone
-- happened_at: when it began; null where only the day is known
-- meeting_id: the meeting, if it was one
-- item_id: the event it belongs to, if it was a meeting; the occurrences of a series share it
-- uid: the task or decision, if it was one
-- source: where we know it from; null for what the owner told us
-- n_people: how many were there, the owner included
-- weight: the kind's own weight, shared by the number of people
-- initiated_by: owner or person: who organised it; null when somebody else did or nobody knows
-- excluded_reason: the first rule that keeps it from counting; null when it counts
with past as not materialized (
    select
        occasions.* exclude (occasions.start_date, occasions.starts_at),
        occasions.start_date as interaction_date,
        occasions.starts_at as happened_at
    from history.occasions
    where
        occasions.is_over
        and coalesce(occasions.excluded_reason, '') not in (
            'not_over', 'deleted', 'same_meeting', 'own_follow_up'
        )
),

met as (
    select
        past.* replace (
            coalesce(
                past.excluded_reason,
                case when participations.reply_rank = 2 then 'person_declined' end
            ) as excluded_reason
        ),
        participations.person_id,
        case
            when participations.is_by_name then 'name'
            when past.is_recurring and past.n_people > settings.large_series_people
                then 'large_series'
            when participations.is_reply_kept then 'reply_kept'
            when
                participations.reply_rank = 1 and past.n_people = 2 and past.is_owner_organizer
                then 'not_answered'
            else 'meeting'
        end as kind,
        case
            when past.is_owner_organizer then 'owner'
            when participations.is_organizer then 'person'
        end as initiated_by
    from history.participations
    inner join past on participations.meeting_id = past.meeting_id
    cross join raw.settings
    where participations.is_human and not participations.is_owner
),

titled as (
    select
        past.*,
        unnest(past.named_person_ids) as person_id,
        'title' as kind
    from past
),

logged as (
    select
        record_persons.person_id,
        'log' as kind,
        coalesce(decisions.from_date, decisions.decided_date) as interaction_date,
        decisions.decision_id as uid,
        2 as n_people,
        'owner' as initiated_by
    from staging.decisions
    inner join identity.record_persons on decisions.person_id = record_persons.record_id
    cross join raw.settings
    where decisions.verb = 'log' and interaction_date <= settings.as_of_date
),

done as (
    select
        task_contacts.*,
        2 as n_people,
        'owner' as initiated_by
    from history.task_contacts
),

-- What one of them has not is null.
together as (
    select * from met
    union all by name
    select * from titled
    union all by name
    select * from logged
    union all by name
    select * from done
)

select
    judged_people.owner_id,
    together.person_id,
    together.kind,
    together.interaction_date,
    together.happened_at,
    together.meeting_id,
    together.item_id,
    together.uid,
    together.source,
    together.n_people::integer as n_people,
    rules.weight / sqrt(greatest(together.n_people - 1, 1)) as weight,
    together.initiated_by,
    coalesce(together.is_recurring, false) as is_recurring,
    together.excluded_reason
from together
inner join identity.judged_people on together.person_id = judged_people.person_id
inner join history.rules on together.kind = rules.rule
