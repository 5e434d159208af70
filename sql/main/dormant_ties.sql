-- One row per owner and person whose tie was strong and has gone quiet: where to pick up again.
-- key: owner_id, person_id
-- owner_id: the owner
-- person_id: the person
-- display_name: their name
-- state: dormant, or lapsed
-- best_layer_size: the best layer at the end of any month: 5, 15 or 50
-- last_contact_date: the last day in touch
-- days_since_contact: days since then
-- contact_day_count: days in touch in all
select
    ties.owner_id,
    ties.person_id,
    ties.display_name,
    ties.state,
    ties.best_layer_size,
    ties.last_contact_date,
    ties.days_since_contact,
    ties.contact_day_count
from main."ties"
inner join judgement.wishes on ties.owner_id = wishes.owner_id and ties.person_id = wishes.person_id
where
    ties.state in ('dormant', 'lapsed')
    and ties.best_layer_size <= 50
    and wishes.silent_reason is null
