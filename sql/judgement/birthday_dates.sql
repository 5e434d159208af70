-- One row per owner and person whose day and month of birth are known: the next time it comes.
-- The one reckoning of birthdays and ages: whatever tells of them reads it here.
-- key: owner_id, person_id
-- birth_year: the year of birth; null where it is unknown, or where nobody alive was born in it
-- next_date: the next birthday, today included; 28 February stands in for the 29th
-- turning: the age they turn; null where the year is unknown
with years as (
    select
        judged_people.owner_id,
        judged_people.person_id,
        case
            when year(settings.as_of_date) - judged_people.birthday.year between 0 and 120
                then judged_people.birthday.year
        end as birth_year,
        judged_people.birthday.month as birth_month,
        judged_people.birthday.day as birth_day,
        settings.as_of_date,
        unnest([year(settings.as_of_date), year(settings.as_of_date) + 1]) as year_number
    from identity.judged_people
    cross join raw.settings
),

-- Days that no calendar has ("31 April") are not celebrated; 29 February is one.
dated as (
    select
        years.*,
        coalesce(
            try_cast(
                printf(
                    '%d-%02d-%02d', years.year_number, years.birth_month, years.birth_day
                ) as date
            ),
            case
                when years.birth_month = 2 and years.birth_day = 29
                    then make_date(years.year_number, 2, 28)
            end
        ) as birthday_date
    from years
    where years.birth_month is not null and years.birth_day is not null
)

select
    dated.owner_id,
    dated.person_id,
    any_value(dated.birth_year) as birth_year,
    any_value(dated.birth_month) as birth_month,
    any_value(dated.birth_day) as birth_day,
    min(dated.birthday_date) as next_date,
    nullif(greatest(year(min(dated.birthday_date)) - any_value(dated.birth_year), 0), 0) as turning
from dated
where dated.birthday_date >= dated.as_of_date
group by dated.owner_id, dated.person_id
