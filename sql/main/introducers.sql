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
with acquaintances as (
    select * from judgement.acquaintances
),

strengths as (
    select * from judgement.strengths
),

layers as (
    select * from judgement.layers
),

persons as (
    select * from identity.persons
),

numbered as (
    select
        acquaintances.*,
        row_number() over (
            partition by acquaintances.owner_id, acquaintances.person_id
            order by friend_strengths.strength_rank
        ) as ordinal
    from acquaintances
    inner join strengths as friend_strengths
        on
            acquaintances.owner_id = friend_strengths.owner_id
            and acquaintances.friend_id = friend_strengths.person_id
    inner join strengths as own_strengths
        on
            acquaintances.owner_id = own_strengths.owner_id
            and acquaintances.person_id = own_strengths.person_id
    where friend_strengths.strength_rank < own_strengths.strength_rank
),

final as (
    select
        numbered.owner_id,
        numbered.person_id,
        persons.display_name,
        numbered.friend_id as introducer_id,
        friends.display_name as introducer_name,
        numbered.ordinal,
        numbered.shared_meetings,
        numbered.last_shared_date,
        layers.layer as introducer_layer
    from numbered
    inner join persons on numbered.person_id = persons.person_id
    inner join persons as friends on numbered.friend_id = friends.person_id
    inner join layers
        on
            numbered.owner_id = layers.owner_id
            and numbered.friend_id = layers.person_id
    where numbered.ordinal <= 5
)

select * from final
