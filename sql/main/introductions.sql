-- One row per owner and two of the closest 50 who might like to know each other: same city or
-- circle, different employers, never in one meeting. `kithbook introduce` makes it a follow-up.
-- key: owner_id, person_id, other_id
-- owner_id: the owner
-- person_id: the one
-- display_name: their name
-- other_id: the other
-- other_name: their name
-- reason: what they share
-- score: how close both are; higher is closer
with wishes as (
    select * from judgement.wishes
    where silent_reason is null
),

decisions as (
    select * from staging.decisions
    where verb = 'introduce'
),

close as (
    select
        strengths.owner_id,
        persons.person_id,
        persons.display_name,
        persons.city,
        persons.organization,
        strengths.strength_rank
    from judgement.strengths
    inner join wishes
        on
            strengths.owner_id = wishes.owner_id
            and strengths.person_id = wishes.person_id
    inner join identity.persons on strengths.person_id = persons.person_id
    where strengths.layer_size <= 50
),

shared_circles as (
    select
        ones.owner_id,
        ones.person_id,
        others.person_id as other_id,
        min(ones.circle) as circle
    from identity.circle_members as ones
    inner join identity.circle_members as others
        on
            ones.owner_id = others.owner_id
            and ones.circle = others.circle
    inner join close on ones.person_id = close.person_id
    where ones.person_id < others.person_id
    group by
        ones.owner_id,
        ones.person_id,
        others.person_id
),

introduced as (
    select distinct
        decisions.owner_id,
        least(ones.person_id, others.person_id) as person_id,
        greatest(ones.person_id, others.person_id) as other_id
    from decisions
    inner join identity.record_persons as ones on decisions.person_id = ones.record_id
    inner join identity.record_persons as others on decisions.other_id = others.record_id
)

select
    ones.owner_id,
    ones.person_id,
    ones.display_name,
    others.person_id as other_id,
    others.display_name as other_name,
    case
        when shared_circles.circle is not null then 'both in ' || shared_circles.circle
        else 'both in ' || ones.city
    end as reason,
    1 / sqrt((ones.strength_rank * others.strength_rank)::double) as score
from close as ones
inner join close as others on ones.owner_id = others.owner_id
left join shared_circles
    on
        ones.owner_id = shared_circles.owner_id
        and ones.person_id = shared_circles.person_id
        and others.person_id = shared_circles.other_id
anti join judgement.acquaintances
    on
        ones.owner_id = acquaintances.owner_id
        and ones.person_id = acquaintances.person_id
        and others.person_id = acquaintances.friend_id
anti join introduced
    on
        ones.owner_id = introduced.owner_id
        and ones.person_id = introduced.person_id
        and others.person_id = introduced.other_id
where
    ones.person_id < others.person_id
    and (shared_circles.circle is not null or lower(ones.city) = lower(others.city))
    and (
        ones.organization is null
        or others.organization is null
        or lower(ones.organization) <> lower(others.organization)
    )
