-- Whose state, reminder or layer is another than in the published book: who becomes overdue first,
-- then who no longer is, last who only moves to another layer. `main` is the book built with other
-- rules.
-- on: layers, published
with
now_tasks as (
    select
        person_id,
        bool_or(is_open or opens_now) as is_wanted
    from published.main.follow_ups
    where kind <> 'birthday'
    group by person_id
),

then_tasks as (
    select
        person_id,
        bool_or(is_open or opens_now) as is_wanted
    from main.follow_ups
    where kind <> 'birthday'
    group by person_id
),

compared as (
    select
        coalesce(now_ties.person_id, then_ties.person_id) as person_id,
        coalesce(then_ties.display_name, now_ties.display_name) as display_name,
        now_ties.state as state_now,
        then_ties.state as state_then,
        coalesce(now_ties.layer, 'beyond') as layer_now,
        coalesce(then_ties.layer, 'beyond') as layer_then,
        now_ties.last_contact_date as last_contact_now,
        then_ties.last_contact_date as last_contact_then,
        now_ties.due_date as due_now,
        then_ties.due_date as due_then,
        now_ties.strength_rank as rank_now,
        then_ties.strength_rank as rank_then
    from published.main.ties as now_ties
    full outer join main.ties as then_ties on now_ties.person_id = then_ties.person_id
)

select
    compared.*,
    coalesce(now_tasks.is_wanted, false) as reminder_now,
    coalesce(then_tasks.is_wanted, false) as reminder_then
from compared
left join now_tasks on compared.person_id = now_tasks.person_id
left join then_tasks on compared.person_id = then_tasks.person_id
where
    compared.state_now is distinct from compared.state_then
    or coalesce(now_tasks.is_wanted, false) <> coalesce(then_tasks.is_wanted, false)
    or compared.layer_now <> compared.layer_then
order by
    coalesce(compared.state_then = 'overdue', false)
    and compared.state_now is distinct from 'overdue' desc,
    coalesce(compared.state_now = 'overdue', false)
    and compared.state_then is distinct from 'overdue' desc,
    compared.state_now is distinct from compared.state_then
    or coalesce(now_tasks.is_wanted, false) <> coalesce(then_tasks.is_wanted, false) desc,
    coalesce(compared.rank_then, compared.rank_now) asc nulls last,
    compared.display_name asc,
    compared.person_id asc
