-- One row per person the user muted, put to rest or woke: what holds now; the newest word counts.
-- key: person_id
-- person_id: the person
-- is_muted: no tasks
-- is_resting: absent from every view
-- woken_at: when they were last woken, null if never
with wishes as (
    select
        record_persons.person_id,
        max(decisions.decided_at) filter (where decisions.verb = 'mute') as muted_at,
        max(decisions.decided_at) filter (where decisions.verb = 'rest') as rested_at,
        max(decisions.decided_at) filter (where decisions.verb = 'wake') as woken_at
    from staging.decisions
    inner join identity.record_persons on decisions.person_id = record_persons.record_id
    where decisions.verb in ('mute', 'rest', 'wake')
    group by record_persons.person_id
)

select
    wishes.person_id,
    wishes.muted_at is not null
    and coalesce(wishes.muted_at > wishes.woken_at, true) as is_muted,
    wishes.rested_at is not null
    and coalesce(wishes.rested_at > wishes.woken_at, true) as is_resting,
    wishes.woken_at
from wishes
