-- One row per circle of the config.
-- key: owner_id, circle
-- owner_id: whose circle
-- circle: its name
-- purpose: what it is for, in the user's words
-- every_days: the cadence of its members, if one is given
-- is_in_touch: its members are in touch anyway: birthdays only
-- people: members by name or e-mail address
-- categories: members by category
-- organizations: members by organization
-- domains: members by e-mail domain
select
    circles.owner_id,
    circles.circle,
    circles.purpose,
    circles.every_days,
    coalesce(circles.is_in_touch, false) as is_in_touch,
    coalesce(circles.people, []) as people,
    coalesce(circles.categories, []) as categories,
    coalesce(circles.organizations, []) as organizations,
    coalesce(circles.domains, []) as domains
from raw.circles
