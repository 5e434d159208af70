-- One row per pair of point components of one name: how likely they are one human.
-- key: component_a, component_b
-- component_a: the lesser component
-- component_b: the greater component
-- is_contested: a third of that name speaks against one of the two, or fits only one of them
-- n_namesakes: how many components of that name there are, the two included
-- confidence: 0 to 1
with weighed as (
    select
        namesakes.*,
        namesakes.is_other_birthday
        or namesakes.is_other_city
        or namesakes.is_other_employer
        or namesakes.is_other_mailbox
        or namesakes.is_other_point as is_opposed,
        namesakes.is_other_mailbox
        or (
            namesakes.has_employer
            and (
                namesakes.is_other_city
                or namesakes.is_other_birthday
                or namesakes.is_other_point
            )
        ) as is_opposed_at_work
    from identity.namesakes
),

neighbours as (
    select
        weighed.component_a as component_id,
        weighed.component_b as neighbour_id,
        weighed.is_opposed,
        weighed.is_opposed_at_work
    from weighed
    union all
    select
        weighed.component_b as component_id,
        weighed.component_a as neighbour_id,
        weighed.is_opposed,
        weighed.is_opposed_at_work
    from weighed
),

-- Two Ana Limas and a third who works elsewhere: any of them may be the other's namesake.
oppositions as (
    select
        weighed.component_a,
        weighed.component_b,
        neighbours.is_opposed_at_work
    from weighed
    inner join neighbours
        on
            weighed.component_a = neighbours.component_id
            and weighed.component_b <> neighbours.neighbour_id
            and neighbours.is_opposed
    union all
    select
        weighed.component_a,
        weighed.component_b,
        neighbours.is_opposed_at_work
    from weighed
    inner join neighbours
        on
            weighed.component_b = neighbours.component_id
            and weighed.component_a <> neighbours.neighbour_id
            and neighbours.is_opposed
),

opposed as (
    select
        oppositions.component_a,
        oppositions.component_b,
        bool_or(oppositions.is_opposed_at_work) as is_opposed_at_work
    from oppositions
    group by oppositions.component_a, oppositions.component_b
),

-- Sam Thornton is alike to Samuel and to Samantha, who are not alike: who is Sam?
torn as (
    select
        weighed.component_a,
        weighed.component_b
    from weighed
    inner join neighbours
        on
            weighed.component_a = neighbours.component_id
            and weighed.component_b <> neighbours.neighbour_id
    anti join neighbours as others
        on
            weighed.component_b = others.component_id
            and neighbours.neighbour_id = others.neighbour_id
    union
    select
        weighed.component_a,
        weighed.component_b
    from weighed
    inner join neighbours
        on
            weighed.component_b = neighbours.component_id
            and weighed.component_a <> neighbours.neighbour_id
    anti join neighbours as others
        on
            weighed.component_a = others.component_id
            and neighbours.neighbour_id = others.neighbour_id
),

counted as (
    select
        neighbours.component_id,
        count(*) + 1 as n_namesakes
    from neighbours
    group by neighbours.component_id
),

judged as (
    select
        weighed.component_a,
        weighed.component_b,
        weighed.name_rank,
        weighed.is_rare,
        weighed.has_employer,
        weighed.has_city,
        weighed.has_birthday,
        weighed.is_other_birthday,
        weighed.is_other_city,
        weighed.is_other_employer,
        weighed.is_other_mailbox,
        weighed.is_other_point,
        weighed.is_one_source,
        opposed.component_a is not null as is_opposed_by_others,
        coalesce(opposed.is_opposed_at_work, false) as is_opposed_at_work_by_others,
        torn.component_a is not null as is_torn,
        greatest(one_counted.n_namesakes, other_counted.n_namesakes) as n_namesakes
    from weighed
    left join opposed
        on
            weighed.component_a = opposed.component_a
            and weighed.component_b = opposed.component_b
    left join torn
        on weighed.component_a = torn.component_a and weighed.component_b = torn.component_b
    left join counted as one_counted on weighed.component_a = one_counted.component_id
    left join counted as other_counted on weighed.component_b = other_counted.component_id
)

select
    judged.component_a,
    judged.component_b,
    judged.is_opposed_by_others or judged.is_torn as is_contested,
    judged.n_namesakes,
    case
        when judged.is_other_birthday then 0.1
        when judged.is_other_city then 0.4
        when judged.is_other_mailbox then 0.5
        when judged.is_other_employer
            then case
                when judged.is_opposed_by_others or judged.is_torn then 0.3
                else 0.6
            end
        when judged.has_birthday then 0.97
        -- who else has the name matters little at work, unless they work there as well
        when judged.has_employer
            then case
                when judged.is_opposed_at_work_by_others then 0.6
                when judged.is_other_point then 0.8
                when judged.has_city then 0.97
                when judged.is_opposed_by_others then 0.91
                when judged.name_rank < 3 then 0.93
                else 0.96
            end
        when judged.is_other_point
            then case
                when judged.has_city then 0.7
                when judged.is_opposed_by_others or judged.is_torn then 0.3
                else 0.5
            end
        when judged.is_opposed_by_others or judged.is_torn then 0.55
        when judged.name_rank < 3 then 0.7
        when judged.has_city then 0.95
        when
            judged.is_rare
            and judged.n_namesakes <= case when judged.is_one_source then 3 else 4 end
            then 0.91
        else 0.8
    end as confidence
from judged
