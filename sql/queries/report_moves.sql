-- Who came clearly closer in the year, and whom the owner saw less of, five each at most: rank now
-- against a year ago, colleagues aside, with the strength of each of the last 18 months.
-- "Less of" only where it has been a while, too.
-- on: book
with
ranked as (
    select
        ties.person_id,
        ties.state,
        ties.layer_size,
        ties.strength_rank,
        ties.last_contact_date,
        before.strength_rank as rank_before,
        ln(before.strength_rank / ties.strength_rank) as nearer
    from main.ties
    inner join main.people on ties.person_id = people.person_id
    cross join main.settings
    inner join main.ties_by_month as before
        on
            ties.person_id = before.person_id
            and before.month_date
            = (date_trunc('month', settings.as_of_date) - interval 1 year)::date
    where not people.is_deceased_hint and not ties.is_colleague
),

moved as (
    select
        ranked.*,
        ranked.nearer > 0 as is_closer,
        least(ranked.rank_before, ranked.strength_rank) as best_rank
    from ranked
    where
        (ranked.nearer > 0.35 and ranked.strength_rank <= 50)
        or (
            ranked.nearer < -0.35
            and ranked.rank_before <= 50
            and ranked.state in ('overdue', 'lapsed', 'dormant')
        )
    qualify row_number() over (
        partition by ranked.nearer > 0
        order by least(ranked.rank_before, ranked.strength_rank) asc, ranked.person_id asc
    ) <= 5
)

select
    moved.person_id,
    moved.is_closer,
    moved.strength_rank,
    moved.rank_before,
    moved.layer_size,
    moved.best_rank,
    moved.last_contact_date,
    list(ties_by_month.strength order by ties_by_month.month_date) as strengths
from moved
inner join main.ties_by_month on moved.person_id = ties_by_month.person_id
cross join main.settings
where ties_by_month.month_date > settings.as_of_date - interval 18 month
group by all
order by moved.is_closer desc, moved.best_rank asc, moved.person_id asc
