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
),

members as (
    select
        circle_members.owner_id,
        circle_members.circle,
        count(*) as n_members,
        list(persons.display_name order by persons.display_name) as member_names
    from identity.circle_members
    inner join identity.persons using (owner_id, person_id)
    where not persons.is_resting
    group by circle_members.owner_id, circle_members.circle
)

select
    named.owner_id,
    named.circle,
    circles.purpose,
    circles.every_days,
    coalesce(circles.is_in_touch, false) as is_in_touch,
    coalesce(members.n_members, 0) as n_members,
    coalesce(members.member_names, []) as member_names
from named
left join raw.circles on named.owner_id = circles.owner_id and named.circle = circles.circle
left join members on named.owner_id = members.owner_id and named.circle = members.circle
