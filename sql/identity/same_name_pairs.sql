-- One row per pair of point components of one name: what else agrees between them, what not.
-- key: component_a, component_b
-- component_a: the lesser component
-- component_b: the greater component
-- name_rank: 3 same name (or spelled otherwise, or a nickname), 2 a slip of the pen, an initial,
-- or names left out
-- is_rare: the book knows few of that family, and the world not very many
-- has_employer: an employer in common
-- has_city: a city in common
-- has_birthday: a birthday in common
-- is_other_birthday: their birthdays differ
-- is_other_city: both live somewhere, and not in the same place
-- is_other_employer: both work somewhere, and not at the same place
-- is_other_mailbox: both have an address at one employer, and not the same
-- is_other_point: both have a private mailbox, or both a phone, and not the same
-- is_one_source: both have a card in one address book
with pairs as (
    select
        least(one.component_id, other.component_id) as component_a,
        greatest(one.component_id, other.component_id) as component_b,
        max(
            case comparisons.name_relation
                when 'same' then 3
                when 'spelling' then 3
                when 'nickname' then 3
                when 'typo' then 2
                when 'shorter' then 2
                when 'initial' then 2
                else 1
            end
        ) as name_rank,
        bool_or(comparisons.is_one_source) as is_one_source
    from identity.comparisons
    inner join identity.point_components as one on comparisons.record_a = one.record_id
    inner join identity.point_components as other on comparisons.record_b = other.record_id
    inner join identity.entry_facts as one_facts on comparisons.record_a = one_facts.record_id
    inner join identity.entry_facts as other_facts on comparisons.record_b = other_facts.record_id
    where
        one.component_id <> other.component_id
        and comparisons.name_relation not in ('unknown', 'part')
        and not one_facts.is_office
        and not other_facts.is_office
    group by
        least(one.component_id, other.component_id),
        greatest(one.component_id, other.component_id)
    having
        not bool_or(comparisons.name_relation in ('different', 'family_changed'))
        and not bool_or(comparisons.generation_differs)
),

involved as (
    select pairs.component_a as component_id from pairs
    union
    select pairs.component_b as component_id from pairs
),

members as (
    select
        components.component_id,
        components.record_id
    from identity.point_components as components
    semi join involved on components.component_id = involved.component_id
),

-- What is known of each component, in lists: an employer, city, birthday or mailbox each.
worked as (
    select
        members.component_id,
        employers.employer,
        employers.origin
    from members
    inner join identity.employers on members.record_id = employers.record_id
    group by members.component_id, employers.employer, employers.origin
),

employed as (
    select
        pairs.component_a,
        pairs.component_b,
        bool_or(raw.employer_agreement(one.employer, other.employer) > 0) as has_employer,
        bool_or(raw.employer_agreement(one.employer, other.employer) > 0) filter (
            where one.origin = 'organization' and other.origin = 'organization'
        ) as has_organization
    from pairs
    inner join worked as one on pairs.component_a = one.component_id
    inner join worked as other on pairs.component_b = other.component_id
    group by pairs.component_a, pairs.component_b
),

lived as (
    select distinct
        members.component_id,
        strip_accents(lower(facts.city)) as city
    from members
    inner join identity.entry_facts as facts on members.record_id = facts.record_id
    where facts.city is not null
),

housed as (
    select
        pairs.component_a,
        pairs.component_b,
        bool_or(one.city = other.city) as has_city
    from pairs
    inner join lived as one on pairs.component_a = one.component_id
    inner join lived as other on pairs.component_b = other.component_id
    group by pairs.component_a, pairs.component_b
),

born as (
    select distinct
        members.component_id,
        facts.birthday
    from members
    inner join identity.entry_facts as facts on members.record_id = facts.record_id
    where facts.birthday.month is not null and facts.birthday.day is not null
),

birthdays as (
    select
        pairs.component_a,
        pairs.component_b,
        bool_or(
            one.birthday.month = other.birthday.month
            and one.birthday.day = other.birthday.day
            and coalesce(one.birthday.year = other.birthday.year, true)
        ) as has_birthday
    from pairs
    inner join born as one on pairs.component_a = one.component_id
    inner join born as other on pairs.component_b = other.component_id
    group by pairs.component_a, pairs.component_b
),

mailboxes as (
    select distinct
        members.component_id,
        addresses.domain,
        addresses.local_part,
        addresses.is_provider
    from members
    inner join identity.record_entries on members.record_id = record_entries.entry_id
    inner join identity.addresses on record_entries.record_id = addresses.record_id
),

mailed as (
    select
        pairs.component_a,
        pairs.component_b,
        not bool_or(one.local_part = other.local_part) as is_other_mailbox
    from pairs
    inner join mailboxes as one on pairs.component_a = one.component_id
    inner join mailboxes as other
        on pairs.component_b = other.component_id and one.domain = other.domain
    where not one.is_provider
    group by pairs.component_a, pairs.component_b
),

-- Whoever has one of each on both sides shares neither: else they were one component.
reached as (
    select
        members.component_id,
        bool_or(points.kind = 'phone') as has_phone,
        coalesce(bool_or(mailboxes.is_provider), false) as has_private_mailbox
    from members
    inner join identity.points on members.record_id = points.record_id
    left join mailboxes using (component_id)
    group by members.component_id
),

families as (
    select
        names.last_word as word,
        count(distinct names.first_word) as n_first_words
    from identity.entry_facts as names
    where names.last_word is not null
    group by names.last_word
),

rarities as (
    select
        members.component_id,
        bool_and(families.n_first_words <= 3 and common_families.word is null) as is_rare
    from members
    inner join identity.entry_facts as names on members.record_id = names.record_id
    inner join families on names.last_word = families.word
    left join raw.listed('common_families') as common_families
        on names.last_word = common_families.word
    group by members.component_id
)

select
    pairs.component_a,
    pairs.component_b,
    pairs.name_rank,
    coalesce(one_rarities.is_rare and other_rarities.is_rare, false) as is_rare,
    coalesce(employed.has_employer and coalesce(employed.has_organization, true), false)
        as has_employer,
    coalesce(housed.has_city, false) as has_city,
    coalesce(birthdays.has_birthday, false) as has_birthday,
    coalesce(not birthdays.has_birthday, false) as is_other_birthday,
    coalesce(not housed.has_city, false) as is_other_city,
    coalesce(not (employed.has_employer and coalesce(employed.has_organization, true)), false)
        as is_other_employer,
    coalesce(mailed.is_other_mailbox, false) as is_other_mailbox,
    coalesce(
        (one_reached.has_phone and other_reached.has_phone)
        or (one_reached.has_private_mailbox and other_reached.has_private_mailbox),
        false
    ) as is_other_point,
    pairs.is_one_source
from pairs
left join employed using (component_a, component_b)
left join housed using (component_a, component_b)
left join birthdays using (component_a, component_b)
left join mailed using (component_a, component_b)
left join reached as one_reached on pairs.component_a = one_reached.component_id
left join reached as other_reached on pairs.component_b = other_reached.component_id
left join rarities as one_rarities on pairs.component_a = one_rarities.component_id
left join rarities as other_rarities on pairs.component_b = other_rarities.component_id
