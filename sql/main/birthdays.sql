-- One row per owner and human whose day of birth is known: when it next comes; nothing of the dead.
-- key: owner_id, person_id
-- owner_id: whose book
-- person_id: the person
-- display_name: their name
-- birth_month: month, 1 to 12
-- birth_day: day of the month
-- birth_year: year; null where it is unknown, or where nobody alive was born in it
-- next_date: the next time it comes, today included; 29 February is 28 February in plain years
-- days_until: from the day of the build to next_date
-- turns: the age they reach then, null without a year
select
    birthday_dates.owner_id,
    birthday_dates.person_id,
    persons.display_name,
    birthday_dates.birth_month,
    birthday_dates.birth_day,
    birthday_dates.birth_year,
    birthday_dates.next_date,
    birthday_dates.next_date - settings.as_of_date as days_until,
    birthday_dates.turning as turns
from judgement.birthday_dates
inner join identity.persons using (owner_id, person_id)
cross join raw.settings
where not coalesce(persons.is_deceased_hint, false)
