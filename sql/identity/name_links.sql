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
alone as materialized (
    select
        weighed.*,
        -- the more a book holds, the likelier two of one name are two
        170.0 * least(1.0, pow(10000.0 / sizes.n_records, 0.25))
        * case weighed.name_relation
            when 'initial' then 1.0
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
            when weighed.is_supported then if(weighed.is_one_source, 0.7, 1.0)
            when not weighed.is_common then if(weighed.is_one_source, 0.5, 1.0)
            else if(weighed.is_one_source, 0.015, 0.8)
        end
        * if(
            weighed.name_relation in ('part', 'family_changed'), 1.0 / weighed.n_named, 1.0
        ) as odds,
        odds >= 165 as is_sure,
        not is_sure
        and (
            weighed.is_opposed
            or weighed.is_doubted
            or (weighed.is_common and weighed.is_one_source and not weighed.is_supported)
        ) as is_other
    from weighed
    cross join sizes
),

namesakes as ( -- noqa: ST03
    select
        alone.component_a as one,
        alone.component_b as other,
        alone.is_full,
        alone.is_other,
        alone.odds,
        alone.is_sure
    from alone
    where alone.is_namesake
),

-- Two Ana Limas and a third: either of the two may be the third instead. How many others each may
-- be, how likely, and the likeliest two of those of whom something says that they are another. To
-- two who bear the very name those others count who bear it too, to the rest all.
others as (
    select
        sides.one as component_id,
        pair_kinds.is_full,
        sum(least(1.0, sides.odds)) as n_namesakes,
        sum(sides.odds) as odds,
        max(sides.odds, 2) filter (where sides.is_other) as likeliest
    from raw.both_ways('namesakes') as sides
    inner join (values (true), (false)) as pair_kinds (is_full)
        on sides.is_full or not pair_kinds.is_full
    group by sides.one, pair_kinds.is_full
),

-- A namesake of both was counted twice, and one who is surely both is no rival at all.
thirds as (
    select
        alone.component_a,
        alone.component_b,
        sum(if(of_a.is_sure and of_b.is_sure, 2.0, least(1.0, of_a.odds, of_b.odds)))
            as n_namesakes,
        sum(
            if(
                of_a.is_sure and of_b.is_sure,
                of_a.odds + of_b.odds,
                of_a.odds * of_b.odds * (1 / (1 + of_a.odds) + 1 / (1 + of_b.odds))
            )
        ) as odds,
        bool_or(
            (of_a.is_other or of_b.is_other)
            and not (of_a.is_sure and of_b.is_sure)
            and greatest(of_a.odds, of_b.odds) >= alone.odds
        ) as has_equal
    from alone
    inner join raw.both_ways('namesakes') as of_a on alone.component_a = of_a.one
    inner join raw.both_ways('namesakes') as of_b
        on alone.component_b = of_b.one and of_a.other = of_b.other
    where (of_a.is_full and of_b.is_full) or not alone.is_full
    group by alone.component_a, alone.component_b
),

-- A third is a rival by as much as he is likelier one of the two than both. Whose names are merely
-- alike have rivals where both have namesakes and no birthday says more.
rivals as (
    select
        alone.component_a,
        alone.component_b,
        if(alone.is_namesake and alone.is_other, 2, 1) as place,
        greatest(
            one.n_namesakes
            + other.n_namesakes
            - if(alone.is_namesake, 2 * least(1.0, alone.odds), 0.0)
            - coalesce(thirds.n_namesakes, 0.0),
            0.0
        ) as n_namesakes,
        greatest(
            one.odds
            + other.odds
            - if(alone.is_namesake, 2 * alone.odds, 0.0)
            - coalesce(thirds.odds, 0.0),
            0.0
        ) as odds,
        -- another than the one, and as likely the other
        coalesce(greatest(one.likeliest[place], other.likeliest[place]) >= alone.odds, false)
        or coalesce(thirds.has_equal, false) as has_equal
    from alone
    inner join others as one
        on alone.component_a = one.component_id and alone.is_full = one.is_full
    inner join others as other
        on alone.component_b = other.component_id and alone.is_full = other.is_full
    left join thirds using (component_a, component_b)
    where alone.is_namesake or alone.birthday_relation not in ('full', 'day', 'near', 'two')
),

judged as (
    select
        alone.*,
        coalesce(rivals.n_namesakes, 0.0) as n_namesakes,
        coalesce(rivals.odds, 0.0) as rival_odds,
        coalesce(rivals.has_equal, false) as has_equal,
        n_namesakes > 0.01 as is_contested
    from alone
    left join rivals using (component_a, component_b)
)

select
    judged.component_a,
    judged.component_b,
    judged.record_a,
    judged.record_b,
    judged.name_relation,
    judged.middle_relation,
    judged.employer_relation,
    judged.city_relation,
    judged.birthday_relation,
    judged.is_other_mailbox,
    judged.is_other_point,
    judged.is_one_junior,
    judged.is_together,
    judged.has_common_point,
    judged.is_opposed or (judged.is_doubted and judged.is_contested) as is_against,
    judged.is_contested,
    least(
        judged.odds * pow(1 + judged.rival_odds, -0.4) * pow(1 + judged.n_namesakes, -1.5),
        -- whoever may be either of two is asked about
        if(judged.has_equal, 8.0, 'infinity'::double)
    ) as odds
from judged
