-- One row per owner, person and one of the five closest friends who meet that person.
-- key: owner_id, person_id, introducer_id
-- owner_id: the owner
-- person_id: whom one would like to meet, or meet again
-- display_name: their name
-- introducer_id: the friend
-- introducer_name: the friend's name
-- ordinal: 1 is the closest friend
-- shared_meetings: meetings with both in them
-- last_shared_date: the last of them
-- introducer_layer: how close the friend is

-- Materialized, or the planner may join the strengths with themselves by their owner alone.
with friends_ranked as materialized (
    select
        mutual_contacts.*,
        strengths.strength_rank as friend_rank,
        strengths.layer as introducer_layer
    from judgement.mutual_contacts
    inner join judgement.strengths
        on
            mutual_contacts.owner_id = strengths.owner_id
            and mutual_contacts.friend_id = strengths.person_id
),

numbered as (
    select
        friends_ranked.*,
        row_number() over (
            partition by friends_ranked.owner_id, friends_ranked.person_id
            order by friends_ranked.friend_rank
        ) as ordinal
    from friends_ranked
    inner join judgement.strengths using (owner_id, person_id)
    where friends_ranked.friend_rank < strengths.strength_rank
)

select
    numbered.owner_id,
    numbered.person_id,
    persons.display_name,
    numbered.friend_id as introducer_id,
    friends.display_name as introducer_name,
    numbered.ordinal,
    numbered.shared_meetings,
    numbered.last_shared_date,
    numbered.introducer_layer
from numbered
inner join identity.persons on numbered.person_id = persons.person_id
inner join identity.persons as friends on numbered.friend_id = friends.person_id
where numbered.ordinal <= 5
