-- One row per owner and circle, of the config or of your decisions, with who is in it.
-- key: owner_id, circle
-- owner_id: whose circle
-- circle: its name
-- purpose: what it is for, in your words
-- every_days: the cadence of its members, null for none
-- is_in_touch: its members are in touch anyway: birthdays only
-- n_members: how many people are in it
-- member_names: their names
with named as (
    select
        circles.owner_id,
        circles.circle
    from raw.circles
    union
    select
        circle_members.owner_id,
        circle_members.circle
    from identity.circle_members
)

select
    named.owner_id,
    named.circle,
    circles.purpose,
    circles.every_days,
    coalesce(circles.is_in_touch, false) as is_in_touch,
    count(persons.person_id) as n_members,
    coalesce(
        list(persons.display_name order by persons.display_name) filter (
            where persons.person_id is not null
        ),
        []
    ) as member_names
from named
left join raw.circles using (owner_id, circle)
left join identity.circle_members using (owner_id, circle)
left join identity.persons
    on circle_members.person_id = persons.person_id and not persons.is_resting
group by all
