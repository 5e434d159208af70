-- Nothing that is still to come counts as contact.
select
    contact_days.person_id,
    contact_days.contact_date
from history.contact_days
cross join raw.settings
where contact_days.contact_date > settings.as_of_date
