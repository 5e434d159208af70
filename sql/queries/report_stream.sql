-- Month by month over three years: how many ties were as strong as those at rank 5, 15, 50 and 150
-- are today; where there are no more than 150, all. Means of three months; the last is as it is.
-- on: book
with
standing as (
    select
        ties_by_month.month_date,
        ties_by_month.strength,
        ties_by_month.strength_rank,
        ties_by_month.month_date = max(ties_by_month.month_date) over () as is_last
    from main.ties_by_month
    inner join main.people on ties_by_month.person_id = people.person_id
    where not people.is_deceased_hint
),

marks as (
    select
        min(standing.strength) filter (where standing.strength_rank <= 5) as mark5,
        min(standing.strength) filter (where standing.strength_rank <= 15) as mark15,
        min(standing.strength) filter (where standing.strength_rank <= 50) as mark50,
        if(
            max(standing.strength_rank) > 150,
            min(standing.strength) filter (where standing.strength_rank <= 150),
            0
        ) as mark150
    from standing
    where standing.is_last
),

counted as (
    select
        standing.month_date,
        standing.is_last,
        count(*) filter (where standing.strength >= marks.mark5) as n5,
        count(*) filter (where standing.strength >= marks.mark15) as n15,
        count(*) filter (where standing.strength >= marks.mark50) as n50,
        count(*) filter (where standing.strength >= marks.mark150) as n150,
        count(*) as n_all
    from standing
    cross join marks
    group by all
),

-- Two of one strength are both as strong, and yet five are five today.
evened as (
    select
        counted.month_date,
        counted.is_last,
        counted.n_all,
        if(counted.is_last, least(counted.n5, 5), counted.n5) as n5,
        if(counted.is_last, least(counted.n15, 15), counted.n15) as n15,
        if(counted.is_last, least(counted.n50, 50), counted.n50) as n50,
        if(counted.is_last, least(counted.n150, 150), counted.n150) as n150
    from counted
),

smoothed as (
    select
        evened.month_date,
        evened.n5,
        evened.n15,
        evened.n50,
        evened.n150,
        evened.n_all,
        if(evened.is_last, evened.n5, avg(evened.n5) over three_months) as mean5,
        if(evened.is_last, evened.n15, avg(evened.n15) over three_months) as mean15,
        if(evened.is_last, evened.n50, avg(evened.n50) over three_months) as mean50,
        if(evened.is_last, evened.n150, avg(evened.n150) over three_months) as mean150
    from evened
    window three_months as (
        order by evened.month_date
        rows between 1 preceding and 1 following
    )
)

select smoothed.*
from smoothed
cross join main.settings
where smoothed.month_date > settings.as_of_date - interval 36 month
order by smoothed.month_date
