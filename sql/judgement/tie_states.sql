-- One row per owner and person with contact or a cadence given: how it stands; first match wins.
-- key: owner_id, person_id
-- state: in touch, dormant, lapsed, overdue, due soon, on track, or new (nothing to go by yet)
-- is_in_touch: the user said that they are in touch anyway
-- days_over: days since the day it was due; negative before
with measured as (
    select
        cadences.*,
        wishes.is_in_touch,
        datediff('day', cadences.last_contact_date, settings.as_of_date) as days_since_contact,
        datediff('day', cadences.due_date, settings.as_of_date) as days_over,
        settings.dormant_days,
        -- a weekly friend met today is not due soon
        least(
            settings.due_soon_days,
            coalesce(cadences.due_date - cadences.last_contact_date, cadences.due_after_days) / 2
        ) as due_soon_days,
        coalesce(bookings.is_near, false) as is_booked
    from judgement.cadences
    inner join judgement.wishes using (owner_id, person_id)
    left join judgement.bookings using (owner_id, person_id)
    cross join raw.settings
)

select
    measured.owner_id,
    measured.person_id,
    case
        when measured.is_in_touch then 'in touch'
        when measured.days_since_contact > measured.dormant_days then 'dormant'
        when measured.days_since_contact > measured.lapsed_after_days then 'lapsed'
        when measured.due_date is null then 'new'
        when measured.days_over >= 0 then 'overdue'
        when measured.days_over >= -measured.due_soon_days and not measured.is_booked
            then 'due soon'
        else 'on track'
    end as state,
    measured.is_in_touch,
    measured.days_since_contact,
    measured.days_over
from measured
