-- One row per pair of point components whose names may be one human's: how likely they are.
-- key: component_a, component_b
-- record_a: the record of either that speaks for the two
-- record_b: the other such record, greater than record_a
-- name_relation, middle_relation, employer_relation, city_relation, birthday_relation,
-- is_other_mailbox, is_other_point, is_one_junior, is_together, has_common_point: as in
-- identity.same_name_pairs
-- is_against: what they say of themselves speaks against one human
-- odds: how much likelier one human is than two
-- is_contested: either may be another of that name instead
--
-- What speaks for and against are odds that multiply. They were fitted to made-up books, as
-- docs/identity.md tells.
with sizes as (
    select count(*) as n_records from identity.entry_facts
),

weighed as (
    select
        same_name_pairs.*,
        least(greatest(same_name_pairs.n_expected, 0.003), 1000) as n_named,
        same_name_pairs.name_relation in (
            'same', 'spelling', 'nickname', 'shorter', 'typo', 'initial'
        )
        and not same_name_pairs.is_other_name as is_namesake,
        same_name_pairs.name_relation in ('same', 'spelling', 'nickname') as is_well_spelled,
        -- who bears the very name is not contested by who merely may
        same_name_pairs.name_relation in ('same', 'spelling', 'nickname', 'shorter') as is_full,
        same_name_pairs.city_relation = 'other'
        or same_name_pairs.birthday_relation in ('part', 'other')
        or same_name_pairs.middle_relation = 'other'
        or same_name_pairs.is_together
        or same_name_pairs.is_listed_twice
        or same_name_pairs.is_other_mailbox as is_opposed,
        same_name_pairs.employer_relation = 'other'
        or same_name_pairs.is_one_junior
        or same_name_pairs.is_other_point as is_doubted,
        same_name_pairs.employer_relation = 'same'
        or same_name_pairs.city_relation = 'same'
        or same_name_pairs.birthday_relation in ('full', 'day', 'near', 'two')
        or same_name_pairs.middle_relation = 'same'
        or same_name_pairs.has_common_point as is_supported
    from identity.same_name_pairs
),

-- What the two say of themselves, as if nobody else had that name.
alone as (
    select
        weighed.*,
        weighed.is_opposed
        or weighed.is_doubted
        or (weighed.is_common and weighed.is_one_source and not weighed.is_supported) as is_another,
        -- the more a book holds, the likelier two of one name are two
        150.0 * least(1.0, pow(10000.0 / sizes.n_records, 0.25))
        * case weighed.name_relation
            when 'initial' then 0.8
            when 'shorter' then 0.8
            when 'alike' then 0.03
            when 'part' then 0.006
            when 'family_changed' then 0.004
            when 'different' then 0.0
            else 1.0
        end
        * if(weighed.is_other_name, 0.2, 1.0)
        * case weighed.middle_relation when 'same' then 4.0 when 'other' then 0.05 else 1.0 end
        -- two cards with two employers in one book are more often two people's
        * case weighed.employer_relation
            when 'same' then 3.6
            when 'other' then if(weighed.is_one_source, 0.025, 0.05)
            else 1.0
        end
        * case weighed.city_relation
            -- namesakes in one big city are many
            when 'same' then if(weighed.employer_relation = 'other', 4.0, 15.0)
            when 'other' then 0.04
            else 1.0
        end
        -- a slip in the name besides asks for a rare one
        * case
            when weighed.birthday_relation = 'full' then 400.0
            when weighed.birthday_relation = 'day' then 30.0
            when weighed.birthday_relation = 'part' then 0.03
            when weighed.birthday_relation = 'other' then 0.001
            when weighed.birthday_relation = 'near' and weighed.is_well_spelled then 0.9
            when weighed.birthday_relation = 'near' then 0.05 / greatest(weighed.n_named, 0.1)
            when weighed.birthday_relation = 'two' and weighed.is_well_spelled
                then 0.08 * pow(greatest(weighed.n_named, 0.1), -0.6)
            when weighed.birthday_relation = 'two' then 0.05
            else 1.0
        end
        * if(weighed.is_other_mailbox, 0.01, 1.0)
        * if(weighed.is_other_point, 0.03, 1.0)
        * if(weighed.is_one_junior, 0.045, 1.0)
        * if(weighed.is_together, 0.02, 1.0)
        * if(weighed.is_listed_twice, 0.05, 1.0)
        -- one number in common and one of their own: perhaps the landline of father and son
        * if(weighed.has_common_point, if(weighed.is_other_point, 1.5, 6.0), 1.0)
        * if(weighed.has_local_part, 10.0, 1.0)
        -- two cards in one book may be two people's, those of a common name the more
        * case
            when weighed.is_supported or not weighed.is_common
                then if(weighed.is_one_source, 0.7, 1.0)
            else if(weighed.is_one_source, 0.015, 0.8)
        end
        * if(
            weighed.name_relation in ('part', 'family_changed'), 1.0 / weighed.n_named, 1.0
        ) as odds
    from weighed
    cross join sizes
),

-- From either side.
sides as (
    select
        alone.component_a as component_id,
        alone.component_b as namesake_id,
        alone.is_full,
        alone.is_another,
        alone.odds
    from alone
    where alone.is_namesake
    union all
    select
        alone.component_b as component_id,
        alone.component_a as namesake_id,
        alone.is_full,
        alone.is_another,
        alone.odds
    from alone
    where alone.is_namesake
),

-- Two Ana Limas and a third: either of the two may be the third instead.
thirds as (
    select
        alone.component_a,
        alone.component_b,
        alone.is_namesake,
        alone.odds,
        sides.namesake_id,
        sides.is_another,
        sides.odds as odds_of_a,
        0.0 as odds_of_b
    from alone
    inner join sides
        on
            alone.component_a = sides.component_id
            and alone.component_b <> sides.namesake_id
            and (sides.is_full or not alone.is_full)
    union all
    select
        alone.component_a,
        alone.component_b,
        alone.is_namesake,
        alone.odds,
        sides.namesake_id,
        sides.is_another,
        0.0 as odds_of_a,
        sides.odds as odds_of_b
    from alone
    inner join sides
        on
            alone.component_b = sides.component_id
            and alone.component_a <> sides.namesake_id
            and (sides.is_full or not alone.is_full)
),

compared as (
    select
        thirds.component_a,
        thirds.component_b,
        max(thirds.odds_of_a) as odds_of_a,
        max(thirds.odds_of_b) as odds_of_b,
        -- another than the one, and as likely the other
        bool_or(thirds.is_another)
        and greatest(max(thirds.odds_of_a), max(thirds.odds_of_b)) >= any_value(thirds.odds)
            as is_instead
    from thirds
    group by thirds.component_a, thirds.component_b, thirds.namesake_id, thirds.is_namesake
    -- whose names are merely alike are not rivals to each other before they are compared
    having thirds.is_namesake or count(*) = 2
),

-- A third who is surely one with both is no rival, and nor is who is surely neither of the two.
rivals as (
    select
        compared.component_a,
        compared.component_b,
        bool_or(compared.is_instead) as has_equal,
        sum(least(1.0, greatest(compared.odds_of_a, compared.odds_of_b))) as n_namesakes,
        sum(
            compared.odds_of_a / (1 + compared.odds_of_b)
            + compared.odds_of_b / (1 + compared.odds_of_a)
        ) as odds
    from compared
    where least(compared.odds_of_a, compared.odds_of_b) < 165
    group by compared.component_a, compared.component_b
)

select
    alone.component_a,
    alone.component_b,
    alone.record_a,
    alone.record_b,
    alone.name_relation,
    alone.middle_relation,
    alone.employer_relation,
    alone.city_relation,
    alone.birthday_relation,
    alone.is_other_mailbox,
    alone.is_other_point,
    alone.is_one_junior,
    alone.is_together,
    alone.has_common_point,
    alone.is_opposed or (alone.is_doubted and rivals.component_a is not null) as is_against,
    rivals.component_a is not null as is_contested,
    least(
        alone.odds
        * pow(1 + coalesce(rivals.odds, 0), -0.4)
        * pow(1 + coalesce(rivals.n_namesakes, 0), -1.5),
        -- whoever may be either of two is asked about
        if(rivals.has_equal, 8.0, 'infinity'::double)
    ) as odds
from alone
left join rivals using (component_a, component_b)
