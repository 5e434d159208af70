-- One row per owner and person ever in touch or given a cadence: how strong and how it stands.
-- key: owner_id, person_id
-- owner_id: the owner
-- person_id: the person
-- display_name: their name
-- strength: by docs/tie-strength.md; read it by rank, layer and trend
-- strength_rank: 1 is the strongest
-- layer: closest 5, closest 15, closest 50, closest 150 or beyond
-- layer_size: 5, 15, 50 or 150, to sort and compare by; null for beyond
-- best_layer_size: 5, 15, 50 or 150, the best at the end of any month; null for beyond
-- trend: new, warming, steady or cooling: now against a quarter ago
-- contact_day_count: days in touch
-- active_months: spells of 30 days with at least one of them
-- first_contact_date: the first day in touch
-- last_contact_date: the last day in touch
-- days_since_contact: days since then
-- one_to_one_share: of the days in touch, how many the two were alone
-- owner_share: of the days where one of the two organised, how many the owner did
-- typical_days: the gap learned from history
-- usual_days: how often they meet, rounded as people speak: what `kithbook choose` proposes
-- usual_words: the same in words
-- cadence_source: given, circle, usual (kept, about as often as so far) or learned
-- cadence_days: the cadence that holds
-- due_after_days: days after the last contact from which it is over
-- due_date: the day it is over
-- state: in touch, dormant, lapsed, overdue, due soon, on track or new
-- circles: the circles they are in
-- is_chosen: kept, given a cadence, or in a circle that is not in touch anyway
-- is_colleague: their address is in one of the owner's own domains
-- action_threshold: what a tie of this layer usually carries
select
    cadences.owner_id,
    cadences.person_id,
    persons.display_name,
    strengths.strength,
    strengths.strength_rank,
    coalesce(strengths.layer, 'beyond') as layer,
    nullif(strengths.layer_size, 1000000) as layer_size,
    nullif(strengths.best_layer_size, 1000000) as best_layer_size,
    strengths.trend,
    coalesce(strengths.contact_day_count, 0) as contact_day_count,
    coalesce(strengths.active_months, 0) as active_months,
    strengths.first_contact_date,
    strengths.last_contact_date,
    cadences.days_since_contact,
    strengths.one_to_one_share,
    strengths.owner_share,
    cadences.typical_days,
    cadences.usual_days,
    cadences.usual_words,
    cadences.cadence_source,
    cadences.cadence_days,
    cadences.due_after_days,
    cadences.due_date,
    cadences.state,
    coalesce(circle_wishes.circles, []) as circles,
    coalesce(wishes.is_chosen, false) as is_chosen,
    coalesce(persons.is_colleague, false) as is_colleague,
    case
        when strengths.layer_size <= 5 then 'anything, also at an awkward hour'
        when strengths.layer_size <= 15 then 'a favour, and bad news'
        when strengths.layer_size <= 50 then 'an introduction or a recommendation'
        when strengths.layer_size <= 150 then 'a question, or an introduction with a reason'
        else 'a small question; more after meeting again'
    end as action_threshold
from judgement.cadences
inner join identity.persons using (owner_id, person_id)
left join judgement.strengths using (owner_id, person_id)
left join judgement.wishes using (owner_id, person_id)
left join judgement.circle_wishes using (owner_id, person_id)
