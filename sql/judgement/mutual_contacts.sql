-- One row per owner, person and friend (one of the closest 150) who were in a meeting together.
-- key: owner_id, person_id, friend_id
with interactions as not materialized (
    select * from history.interactions
    where excluded_reason is null and meeting_id is not null
),

of_friends as (
    select
        interactions.owner_id,
        interactions.meeting_id,
        interactions.person_id as friend_id
    from interactions
    inner join judgement.strengths
        on
            interactions.owner_id = strengths.owner_id
            and interactions.person_id = strengths.person_id
            and strengths.layer_size <= 150
)

select
    interactions.owner_id,
    interactions.person_id,
    of_friends.friend_id,
    count(*) as shared_meetings,
    max(interactions.interaction_date) as last_shared_date
from interactions
inner join of_friends using (meeting_id, owner_id)
where interactions.person_id <> of_friends.friend_id
group by interactions.owner_id, interactions.person_id, of_friends.friend_id
