-- One row per person with a category: those of their live cards, and the groups that list them.
-- key: person_id
-- person_id: the person
-- categories: the names, sorted
with named as (
    select
        cards.record_id,
        unnest(cards.categories) as category
    from staging.cards
    where not cards.is_gone
    union
    select
        cards.record_id,
        card_groups.category
    from staging.card_groups
    inner join staging.cards
        on card_groups.source = cards.source and card_groups.member_uid = lower(cards.uid)
    where not cards.is_gone
    union
    select
        cards.record_id,
        card_groups.category
    from staging.card_groups
    inner join staging.card_emails on card_groups.member_email = card_emails.email
    inner join staging.cards
        on card_emails.record_id = cards.record_id and card_groups.source = cards.source
    where not cards.is_gone
    union
    select
        cards.record_id,
        card_groups.category
    from staging.card_groups
    inner join identity.record_points as points
        on card_groups.member_digits = points.point and points.kind = 'phone'
    inner join staging.cards
        on points.record_id = cards.record_id and card_groups.source = cards.source
    where not cards.is_gone
),

of_people as (
    select distinct
        record_persons.person_id,
        named.category
    from named
    inner join identity.record_persons on named.record_id = record_persons.record_id
)

select
    of_people.person_id,
    list(of_people.category order by of_people.category) as categories
from of_people
group by of_people.person_id
