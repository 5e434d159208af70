-- One row per owner and person whose day and month of birth are known: the next time it comes.
-- key: owner_id, person_id
-- owner_id: the owner
-- person_id: the person
-- next_date: the next birthday, today included; 28 February stands in for the 29th
-- turning: the age they turn; null where the year is unknown
with persons as (
    select * from identity.persons
    where
        kind = 'person'
        and not is_owner
        and not coalesce(is_resting, false)
),

settings as (
    select as_of_date from raw.settings
),

years as (
    select
        persons.owner_id,
        persons.person_id,
        persons.birthday.year as birth_year,
        settings.as_of_date,
        unnest([year(settings.as_of_date), year(settings.as_of_date) + 1]) as year_number,
        lpad(persons.birthday.month::varchar, 2, '0') as month_text,
        lpad(persons.birthday.day::varchar, 2, '0') as day_text
    from persons
    cross join settings
),

dated as (
    select
        years.*,
        coalesce(
            try_cast(
                years.year_number || '-' || years.month_text || '-' || years.day_text as date
            ),
            case
                when years.month_text = '02' and years.day_text = '29'
                    then try_cast(years.year_number || '-02-28' as date)
            end
        ) as birthday_date
    from years
),

final as (
    select
        dated.owner_id,
        dated.person_id,
        min(dated.birthday_date) as next_date,
        min(dated.year_number - dated.birth_year) filter (
            where dated.birth_year between 1900 and dated.year_number - 1
        ) as turning
    from dated
    where dated.birthday_date >= dated.as_of_date
    group by
        dated.owner_id,
        dated.person_id
)

select * from final
