-- Everybody's next birthday, and what a calendar says of it. The stamp is the book's own instant:
-- one book makes one file.
-- on: book
select
    birthdays.person_id,
    birthdays.display_name,
    birthdays.next_date,
    birthdays.birth_year,
    birthdays.birth_month = 2 and birthdays.birth_day = 29 as is_leap_day,
    settings.birthday_lead_days as lead_days,
    strftime(timezone('UTC', settings.as_of), '%Y%m%dT%H%M%SZ') as stamp
from main.birthdays
inner join main.people on birthdays.person_id = people.person_id
cross join main.settings
where not people.is_owner
order by birthdays.next_date asc, birthdays.display_name asc, birthdays.person_id asc
