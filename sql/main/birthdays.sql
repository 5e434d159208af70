-- One row per owner and human whose day of birth is known: when it next comes; nothing of the dead.
-- key: owner_id, person_id
-- owner_id: whose book
-- person_id: the person
-- display_name: their name
-- birth_month: month, 1 to 12
-- birth_day: day of the month
-- birth_year: year, null where unknown
-- next_date: the next time it comes, today included; 29 February is 28 February in plain years
-- days_until: from the day of the build to next_date
-- turns: the age they reach then, null without a year
with persons as (
    select * from identity.persons
),

settings as (
    select * from raw.settings
),

-- Days that no calendar has ("31 April") are not celebrated; 29 February is one.
born as (
    select
        persons.owner_id,
        persons.person_id,
        persons.display_name,
        persons.birthday.month as birth_month,
        persons.birthday.day as birth_day,
        persons.birthday.year as birth_year,
        settings.as_of_date,
        year(settings.as_of_date) as this_year
    from persons
    cross join settings
    where
        persons.kind = 'person'
        and not persons.is_owner
        and not persons.is_resting
        and not persons.is_deceased_hint
        and persons.birthday.month between 1 and 12
        and persons.birthday.day between 1 and case
            when persons.birthday.month = 2 then 29
            when persons.birthday.month in (4, 6, 9, 11) then 30
            else 31
        end
),

-- A month's first day plus days, cut to the month's last: make_date(2026, 2, 29) would raise.
celebrated as (
    select
        born.*,
        least(
            make_date(born.this_year, born.birth_month, 1) + (born.birth_day - 1)::integer,
            last_day(make_date(born.this_year, born.birth_month, 1))
        ) as this_date,
        least(
            make_date(born.this_year + 1, born.birth_month, 1) + (born.birth_day - 1)::integer,
            last_day(make_date(born.this_year + 1, born.birth_month, 1))
        ) as following_date
    from born
),

dated as (
    select
        celebrated.*,
        case
            when celebrated.this_date >= celebrated.as_of_date then celebrated.this_date
            else celebrated.following_date
        end as next_date
    from celebrated
),

final as (
    select
        dated.owner_id,
        dated.person_id,
        dated.display_name,
        dated.birth_month,
        dated.birth_day,
        dated.birth_year,
        dated.next_date,
        dated.next_date - dated.as_of_date as days_until,
        year(dated.next_date) - dated.birth_year as turns
    from dated
)

select * from final
