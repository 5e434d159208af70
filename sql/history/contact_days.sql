-- One row per owner, person and day on which they were in touch.
-- key: owner_id, person_id, contact_date
-- epoch_day: the day as a number, 1970-01-01 being 0
-- weight: the most that one interaction of the day weighs
-- is_one_to_one: the two were alone at least once
-- is_initiated: the owner organised one of them, or reached out
-- is_answered: the person organised one of them
-- series_item_id: the series that all of it belongs to; null when any of it is no series
-- is_own_task: a ticked follow-up is among it
select
    interactions.owner_id,
    interactions.person_id,
    interactions.interaction_date as contact_date,
    datediff('day', date '1970-01-01', interactions.interaction_date) as epoch_day,
    max(interactions.weight) as weight,
    bool_or(interactions.n_people <= 2) as is_one_to_one,
    bool_or(coalesce(interactions.initiated_by = 'owner', false)) as is_initiated,
    bool_or(coalesce(interactions.initiated_by = 'person', false)) as is_answered,
    case
        when bool_and(interactions.is_recurring) then max(interactions.item_id)
    end as series_item_id,
    bool_or(interactions.kind = 'follow_up') as is_own_task
from history.interactions
where interactions.excluded_reason is null
group by interactions.owner_id, interactions.person_id, interactions.interaction_date
