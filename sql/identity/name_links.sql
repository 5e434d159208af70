-- One row per pair of point components whose names may be one human's: how likely they are.
-- key: component_a, component_b
-- record_a: the record of either that speaks for the two
-- record_b: the other such record, greater than record_a
-- name_relation, middle_relation, employer_relation, city_relation, birthday_relation,
-- is_other_mailbox, is_other_point, is_together, has_common_point: as in identity.same_name_pairs
-- is_against: what they say of themselves speaks against one human
-- odds: how much likelier one human is than two
-- is_contested: another of that name differs from one of the two in something
--
-- What speaks for and against are odds that multiply. They were fitted to made-up books, as
-- docs/identity.md tells.
with weighed as (
    select
        same_name_pairs.*,
        least(greatest(same_name_pairs.n_expected, 0.003), 1000) as n_named,
        -- a slip or an initial is most often one of those who bear the name, no other
        same_name_pairs.name_relation in ('same', 'spelling', 'nickname', 'shorter')
        and not same_name_pairs.is_other_name as is_namesake,
        same_name_pairs.city_relation = 'other'
        or same_name_pairs.birthday_relation in ('part', 'other')
        or same_name_pairs.middle_relation = 'other'
        or same_name_pairs.is_together
        or same_name_pairs.is_listed_twice
        or same_name_pairs.is_other_mailbox as is_opposed,
        same_name_pairs.employer_relation = 'other'
        or same_name_pairs.is_other_point as is_doubted,
        same_name_pairs.employer_relation = 'same'
        or same_name_pairs.city_relation = 'same'
        or same_name_pairs.birthday_relation in ('full', 'day', 'near', 'two')
        or same_name_pairs.middle_relation = 'same'
        or same_name_pairs.has_common_point as is_supported
    from identity.same_name_pairs
),

standing as (
    select
        weighed.component_a,
        weighed.component_b,
        weighed.is_namesake,
        case
            when weighed.is_opposed then 1
            when weighed.is_doubted then 2
            when weighed.is_supported then 3
            else 4
        end as standing
    from weighed
),

-- From either side.
sides as (
    select
        standing.*,
        standing.component_a as component_id,
        standing.component_b as neighbour_id
    from standing
    union all
    select
        standing.*,
        standing.component_b as component_id,
        standing.component_a as neighbour_id
    from standing
),

-- Two Ana Limas and a third who works elsewhere: any of them may be the other's namesake.
others as (
    select
        one.component_a,
        one.component_b,
        other.neighbour_id,
        min(other.standing) as standing
    from sides as one
    inner join sides as other
        on
            one.component_id = other.component_id
            and one.neighbour_id <> other.neighbour_id
            and other.is_namesake
    group by one.component_a, one.component_b, other.neighbour_id
),

contested as (
    select
        others.component_a,
        others.component_b,
        count(*) filter (where others.standing = 1) as n_opposed,
        count(*) filter (where others.standing = 2) as n_doubted,
        count(*) filter (where others.standing = 3) as n_supported,
        count(*) filter (where others.standing = 4) as n_others
    from others
    group by others.component_a, others.component_b
)

select
    weighed.component_a,
    weighed.component_b,
    weighed.record_a,
    weighed.record_b,
    weighed.name_relation,
    weighed.middle_relation,
    weighed.employer_relation,
    weighed.city_relation,
    weighed.birthday_relation,
    weighed.is_other_mailbox,
    weighed.is_other_point,
    weighed.is_together,
    weighed.has_common_point,
    weighed.is_opposed
    or (weighed.is_doubted and coalesce(contested.n_opposed + contested.n_doubted, 0) > 0)
        as is_against,
    coalesce(contested.n_opposed + contested.n_doubted, 0) > 0 as is_contested,
    12.0
    * case weighed.name_relation
        when 'alike' then 0.15
        when 'part' then 0.03
        when 'family_changed' then 0.02
        when 'different' then 0.0
        else 1.0
    end
    * if(weighed.is_other_name, 0.2, 1.0)
    * case weighed.middle_relation when 'same' then 2.8 when 'other' then 0.2 else 1.0 end
    * case weighed.employer_relation when 'same' then 6.2 when 'other' then 0.18 else 1.0 end
    * case weighed.city_relation
        -- namesakes in one big city are many
        when 'same' then if(weighed.employer_relation = 'other', 4.0, 15.0)
        when 'other' then 0.05
        else 1.0
    end
    * case weighed.birthday_relation
        when 'full' then 400.0
        when 'day' then 30.0
        -- a slip in the name besides asks for a rare one
        when 'near'
            then if(
                weighed.name_relation in ('same', 'spelling', 'nickname'),
                3.0,
                0.86 / greatest(weighed.n_named, 0.1)
            )
        when 'two' then 0.9 * pow(greatest(weighed.n_named, 0.1), -0.6)
        when 'part' then 0.05
        when 'other' then 0.003
        else 1.0
    end
    * if(weighed.is_other_mailbox, 0.03, 1.0)
    * if(weighed.is_other_point, 0.09, 1.0)
    * if(weighed.is_together, 0.1, 1.0)
    * if(weighed.has_common_point, 8.0, 1.0)
    * if(weighed.has_local_part, 10.0, 1.0)
    * if(weighed.is_one_source, 0.7, 1.0)
    * if(weighed.is_listed_twice, 0.1, 1.0)
    * if(weighed.is_common and not weighed.is_supported, 0.25, 1.0)
    -- the more people of that name are to be expected, the less the name alone says
    * case
        when weighed.name_relation in ('part', 'family_changed')
            then 1.0 / weighed.n_named
        when weighed.is_supported then 1.0
        else pow(weighed.n_named, -0.2)
    end
    -- and the more that bear it are known to be others
    * pow(1 + coalesce(contested.n_opposed, 0), if(weighed.is_supported, -0.1, -1.33))
    * pow(1 + coalesce(contested.n_doubted, 0), -1.86)
    * pow(1 + coalesce(contested.n_supported, 0), -0.66)
    * pow(1 + coalesce(contested.n_others, 0), -0.68) as odds
from weighed
left join contested using (component_a, component_b)
