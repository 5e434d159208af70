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
        all_cards.*,
        printf('%02d-%02d', all_cards.birthday.month, all_cards.birthday.day) as day_words,
        all_cards.birthday.year::varchar as year_words
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
        unnest( -- noqa: AL03
            [
                { 'field': 'name', 'value': cards.full_name, 'compared': name_keys.name_key },
                {
                    'field': 'organization',
                    'value': cards.organization,
                    'compared': strip_accents(lower(cards.organization))
                },
                {
                    'field': 'city',
                    'value': cards.city,
                    'compared': strip_accents(lower(cards.city))
                },
                { 'field': 'birthday', 'value': cards.day_words, 'compared': cards.day_words },
                { 'field': 'birth year', 'value': cards.year_words, 'compared': cards.year_words }
            ],
            recursive := true
        )
    from cards
    left join raw.name_keys on cards.full_name = name_keys.name
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
