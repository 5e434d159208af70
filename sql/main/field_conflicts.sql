-- One row per person and field of which their live cards say different things.
-- key: person_id, field
-- person_id: the person
-- display_name: their name
-- field: name, organization, city or birthday
-- said_values: what the cards say, what main.people shows first
-- sources: where, in the same order

-- Who has one card agrees with themselves.
with cards as (
    select
        record_persons.person_id,
        record_persons.place,
        all_cards.*
    from staging.cards as all_cards
    inner join identity.record_persons on all_cards.record_id = record_persons.record_id
    where not all_cards.is_gone
    qualify count(*) over (partition by record_persons.person_id) > 1
),

said as (
    select
        cards.person_id,
        cards.place,
        cards.source,
        'name' as field,
        cards.full_name as value,
        name_keys.name_key as compared
    from cards
    inner join raw.name_keys on cards.full_name = name_keys.name
    union all
    select
        cards.person_id,
        cards.place,
        cards.source,
        'organization' as field,
        cards.organization as value,
        strip_accents(lower(cards.organization)) as compared
    from cards
    where cards.organization is not null
    union all
    select
        cards.person_id,
        cards.place,
        cards.source,
        'city' as field,
        cards.city as value,
        strip_accents(lower(cards.city)) as compared
    from cards
    where cards.city is not null
    union all
    select
        cards.person_id,
        cards.place,
        cards.source,
        'birthday' as field,
        lpad(cards.birthday.month::varchar, 2, '0') || '-'
        || lpad(cards.birthday.day::varchar, 2, '0') as value,
        lpad(cards.birthday.month::varchar, 2, '0') || '-'
        || lpad(cards.birthday.day::varchar, 2, '0') as compared
    from cards
    where cards.birthday.day is not null
    union all
    select
        cards.person_id,
        cards.place,
        cards.source,
        'birth year' as field,
        cards.birthday.year::varchar as value,
        cards.birthday.year::varchar as compared
    from cards
    where cards.birthday.year is not null
),

distinct_values as (
    select
        said.person_id,
        said.field,
        said.compared,
        min(said.place) as place,
        arg_min(said.value, said.place) as value,
        arg_min(said.source, said.place) as source
    from said
    where said.compared is not null
    group by said.person_id, said.field, said.compared
)

select
    persons.person_id,
    persons.display_name,
    distinct_values.field,
    list(distinct_values.value order by distinct_values.place) as said_values,
    list(distinct_values.source order by distinct_values.place) as sources
from distinct_values
inner join identity.persons on distinct_values.person_id = persons.person_id
where not persons.is_resting and persons.kind = 'person'
group by persons.person_id, persons.display_name, distinct_values.field
having count(*) > 1
