-- One row per text that names exactly one person known to the owner; what names two is not here.
-- key: text
-- text: lower case, no accents, words parted by one space
-- person_id: whom it names
-- is_full: a given and a family name; else a given name or a nickname
-- is_word: alone it is also an everyday word, a month or a place
with written as (
    select
        persons.person_id,
        persons.display_name as called
    from identity.persons
    union all
    select
        record_persons.person_id,
        unnest(
            list_concat(
                [cards.full_name, cards.given || ' ' || cards.family, cards.given],
                cards.nicknames
            )
        ) as called
    from staging.cards
    inner join identity.record_persons on cards.record_id = record_persons.record_id
),

cleaned as (
    select distinct
        written.person_id,
        trim(regexp_replace(lower(strip_accents(written.called)), '\s+', ' ', 'g')) as text
    from written
    where
        written.called is not null
        and not contains(written.called, '@')
),

-- "Ana Lima" is also called Ana; somebody known by one word only is called by that word.
texts as (
    select
        cleaned.person_id,
        cleaned.text
    from cleaned
    union
    select
        cleaned.person_id,
        split_part(cleaned.text, ' ', 1) as text
    from cleaned
    inner join identity.persons using (person_id)
    where persons.kind = 'person'
),

alone as (
    select
        texts.text,
        min(texts.person_id) as person_id
    from texts
    where length(texts.text) >= 2
    group by texts.text
    having count(distinct texts.person_id) = 1
)

select
    alone.text,
    alone.person_id,
    contains(alone.text, ' ') as is_full,
    ambiguous_first_names.word is not null as is_word
from alone
inner join identity.persons on alone.person_id = persons.person_id
left join raw.listed('ambiguous_first_names') as ambiguous_first_names
    on alone.text = ambiguous_first_names.word
where
    persons.kind = 'person'
    and not persons.is_owner
    and (contains(alone.text, ' ') or not coalesce(persons.is_import_only, false))
