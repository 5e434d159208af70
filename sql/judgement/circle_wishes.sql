-- One row per owner and person in a circle: what the circles together wish for them.
-- key: owner_id, person_id
-- every_days: the shortest cadence among them
-- is_in_touch: one of them says that they are in touch anyway
-- purpose_circle: the circle whose cadence or purpose is shown
select
    circle_members.owner_id,
    circle_members.person_id,
    list(distinct circle_members.circle order by circle_members.circle) as circles,
    min(circles.every_days) as every_days,
    bool_or(coalesce(circles.is_in_touch, false)) as is_in_touch,
    arg_min(
        circle_members.circle, row(coalesce(circles.every_days, 100000), circle_members.circle)
    ) as purpose_circle,
    arg_min(
        circles.purpose, row(coalesce(circles.every_days, 100000), circle_members.circle)
    ) as purpose
from identity.circle_members
left join raw.circles using (owner_id, circle)
group by circle_members.owner_id, circle_members.person_id
