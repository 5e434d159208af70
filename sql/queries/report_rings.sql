-- Where each of the closest stands around the owner, and the curves to whom they meet, around 0,0.
-- In a ring the names step down by equal heights, never by equal angles: no two share a line.
-- Clockwise from the top by circle, then by town, company and work, the closest first.
-- $1: the radius of each ring, the innermost first; nobody stands beyond the last
-- $2: 2 for whole rings, 1 for their right halves alone
-- $3: who meets whom: [person_id, other_id, times], a list each
-- on: book
with
pairs as (
    select
        pair.pair[1] as person_id, -- noqa: RF01
        pair.pair[2] as other_id, -- noqa: RF01
        pair.pair[3] as shared -- noqa: RF01
    from unnest($3::bigint[][]) as pair (pair)
),

company as (
    select
        pairs.person_id,
        pairs.other_id,
        pairs.shared
    from pairs
    union all
    select
        pairs.other_id as person_id,
        pairs.person_id as other_id,
        pairs.shared
    from pairs
),

-- The rank of whom each meets most: who meets the same people stands together.
companions as (
    select
        company.person_id,
        arg_max(ties.strength_rank, (company.shared, -ties.strength_rank)) as companion_rank
    from company
    inner join main.ties on company.other_id = ties.person_id
    group by company.person_id
),

ringed as (
    select
        people.person_id,
        ties.strength_rank,
        people.circles[1] as circle, -- noqa: RF01
        people.city,
        people.organization,
        companions.companion_rank,
        case ties.layer_size
            when 5 then 1
            when 15 then 2
            when 50 then 3
            when 150 then 4
        end as ring
    from main.ties
    inner join main.people on ties.person_id = people.person_id
    left join companions on ties.person_id = companions.person_id
    where ties.strength_rank <= 150 and not people.is_deceased_hint
),

seats as (
    select
        ringed.person_id,
        ringed.ring,
        $1::double[] as radii,
        count(*) over (partition by ringed.ring) as n_seats,
        row_number() over (
            partition by ringed.ring
            order by
                ringed.circle asc nulls last,
                ringed.city asc nulls last,
                ringed.companion_rank asc nulls first,
                ringed.organization asc nulls last,
                ringed.strength_rank asc
        ) - 1 as seat
    from ringed
    where ringed.ring <= len($1::double[])
),

halved as (
    select
        seats.*,
        case $2::integer when 1 then seats.n_seats else (seats.n_seats + 1) // 2 end as n_right
    from seats
),

sided as (
    select
        halved.person_id,
        halved.ring,
        halved.radii[halved.ring::integer] as radius,
        halved.seat < halved.n_right as is_right,
        case
            when halved.seat < halved.n_right then halved.seat
            else halved.n_seats - 1 - halved.seat
        end as step,
        case
            when halved.seat < halved.n_right then halved.n_right
            else halved.n_seats - halved.n_right
        end as n_steps
    from halved
),

heights as (
    select
        sided.*,
        -sided.radius + (sided.step + 0.5) * 2 * sided.radius / sided.n_steps as y
    from sided
),

placed as (
    select
        heights.person_id,
        heights.ring,
        heights.is_right,
        round(if(heights.is_right, 1, -1) * sqrt(heights.radius ** 2 - heights.y ** 2), 1) as x,
        round(heights.y, 1) as y
    from heights
),

-- A curve bows towards the owner: little between neighbours, more between those far apart.
bowed as (
    select
        pairs.other_id,
        pairs.shared,
        ones.person_id,
        ones.x,
        ones.y,
        others.x as other_x,
        others.y as other_y,
        greatest(
            0.35,
            0.98 - 0.55 * sqrt((ones.x - others.x) ** 2 + (ones.y - others.y) ** 2)
            / (1.2 * list_max($1::double[]))
        ) as pull
    from pairs
    inner join placed as ones on pairs.person_id = ones.person_id
    inner join placed as others on pairs.other_id = others.person_id
),

curves as (
    select
        bowed.person_id,
        list(
            struct_pack(
                other_id := bowed.other_id,
                shared := bowed.shared,
                points := list_transform(
                    range(0, 9),
                    lambda step: [ -- noqa: RF03
                        round(
                            (1 - step / 8) ** 2 * bowed.x -- noqa: RF03
                            + (2 - step / 4) * (step / 8) -- noqa: RF03
                            * (bowed.x + bowed.other_x) / 2 * bowed.pull
                            + (step / 8) ** 2 * bowed.other_x, -- noqa: RF03
                            1
                        ),
                        round(
                            (1 - step / 8) ** 2 * bowed.y -- noqa: RF03
                            + (2 - step / 4) * (step / 8) -- noqa: RF03
                            * (bowed.y + bowed.other_y) / 2 * bowed.pull
                            + (step / 8) ** 2 * bowed.other_y, -- noqa: RF03
                            1
                        )
                    ]
                )
            )
            order by bowed.other_id
        ) as curves
    from bowed
    group by bowed.person_id
)

select
    placed.person_id,
    placed.ring,
    placed.is_right,
    placed.x,
    placed.y,
    coalesce(curves.curves, []) as curves
from placed
left join curves on placed.person_id = curves.person_id
order by placed.ring asc, placed.is_right desc, placed.y asc, placed.person_id asc
