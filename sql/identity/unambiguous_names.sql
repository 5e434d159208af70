-- One row per text that names exactly one person known to the owner; what names two is not here.
-- What a card or an invitation says goes before what is only guessed at: where one is Kate and
-- another Katherine, Kate is the first.
-- key: text
-- text: as titles are read (raw.title_text)
-- person_id: whom it names; null where it is a family name and nothing else
-- is_full: a given and a family name; else a given name, a nickname, or "Ana L"
-- is_word: alone it is also an everyday word, a month or a place
-- is_date_or_place: a month, a place, or a word with a meaning of its own in titles
-- family_person_id: whose family name it is: "Mrs Lima"
-- bearer_is: her or him, by their given name (given_genders.csv); null where it may be both
with written as (
    select
        persons.person_id,
        persons.kind = 'person' as is_person,
        unnest([persons.display_name, persons.display_name, persons.display_name]) as called,
        unnest(['whole', 'given', 'family']) as part,
        true as is_shown
    from identity.persons
    union all
    select
        record_persons.person_id,
        persons.kind = 'person' as is_person,
        unnest(
            list_concat(
                [
                    cards.full_name,
                    cards.given || ' ' || cards.family,
                    cards.family || ' ' || cards.given,
                    cards.given,
                    cards.family
                ],
                cards.nicknames
            )
        ) as called,
        unnest(
            list_concat(
                ['whole', 'whole', 'whole', 'given', 'family'],
                list_transform(cards.nicknames, lambda _: 'given')
            )
        ) as part,
        false as is_shown
    from staging.cards
    inner join identity.record_persons on cards.record_id = record_persons.record_id
    inner join identity.persons on record_persons.person_id = persons.person_id
),

called as (
    select distinct written.called from written
    where written.called <> '' and not contains(written.called, '@')
),

-- Jürgen is also Juergen, to who has no such key.
spellings as (
    select
        called.called,
        called.called as spelling
    from called
    union all
    select
        called.called,
        replace(
            replace(replace(replace(lower(called.called), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'),
            'ø',
            'oe'
        ) as spelling
    from called
    where regexp_matches(called.called, '[äöüøÄÖÜØ]')
),

-- A remark in brackets is no part of a name.
spelled as (
    select
        spellings.called,
        string_split(
            case
                when regexp_full_match(spellings.spelling, '[A-Za-z0-9]+( [A-Za-z0-9]+)*')
                    then lower(spellings.spelling)
                else split_part(raw.title_text(spellings.spelling), ' (', 1)
            end,
            ' '
        ) as words
    from spellings
),

-- What is shown is a name as a whole; its first word and its last are parts of it.
parts as materialized (
    select distinct
        written.person_id,
        written.part,
        array_to_string(
            case
                when not written.is_shown or written.part = 'whole' then spelled.words
                when written.part = 'given' then spelled.words[:1]
                when length(spelled.words) > 1 then spelled.words[-1:]
            end,
            ' '
        ) as text
    from written
    inner join spelled on written.called = spelled.called
    where length(text) >= 2 and (written.is_person or written.part = 'whole')
),

-- Robert may be called Bob, and Bob is Robert; of Sam nobody knows whether it is Samuel.
short_forms as (
    select
        nicknames.word as one,
        nicknames.value as other
    from raw.listed('nicknames') as nicknames
    qualify count(*) over (partition by nicknames.word) = 1
    union
    select
        nicknames.value as one,
        nicknames.word as other
    from raw.listed('nicknames') as nicknames
),

givens as materialized (
    select
        parts.person_id,
        parts.text,
        false as is_guessed
    from parts
    where parts.part = 'given'
    union all
    select
        parts.person_id,
        short_forms.other as text,
        true as is_guessed
    from parts
    inner join short_forms on parts.text = short_forms.one
    where parts.part = 'given'
),

-- "Bob Fischer", "Bob F"
with_family as (
    select
        givens.person_id,
        givens.text || ' ' || families.text as full_text,
        givens.text || ' ' || left(families.text, 1) as initial_text
    from givens
    inner join parts as families
        on givens.person_id = families.person_id and families.part = 'family'
),

genders as (
    select
        givens.person_id,
        min(words."value") as bearer_is
    from givens
    inner join raw.words on words.list = 'given_genders' and givens.text = words.spelling
    where not givens.is_guessed
    group by givens.person_id
    having min(words."value") = max(words."value")
),

-- role: whole and given are said, full and short guessed; the others say what else it means
texts as (
    select
        parts.text,
        parts.part as role,
        parts.person_id
    from parts
    union all
    select
        givens.text,
        'short' as role,
        givens.person_id
    from givens
    where givens.is_guessed
    union all
    select
        unnest([with_family.full_text, with_family.initial_text]) as text,
        unnest(['full', 'short']) as role,
        with_family.person_id
    from with_family
    union all
    select
        words.spelling as text,
        case
            when starts_with(words."value", 'courtesy') then 'courtesy'
            when words."value" = 'word' then 'word'
            when words.list = 'title_words' then 'title word'
            else 'date or place'
        end as role,
        null as person_id
    from raw.words
    where words.list in ('title_words', 'ambiguous_first_names')
),

grouped as (
    select
        texts.text,
        min(texts.person_id) filter (where texts.role in ('whole', 'given')) as said_one,
        max(texts.person_id) filter (where texts.role in ('whole', 'given')) as said_other,
        min(texts.person_id) filter (where texts.role in ('full', 'short')) as guessed_one,
        max(texts.person_id) filter (where texts.role in ('full', 'short')) as guessed_other,
        min(texts.person_id) filter (where texts.role = 'family') as family_one,
        max(texts.person_id) filter (where texts.role = 'family') as family_other,
        bool_or(texts.role in ('whole', 'full')) and contains(texts.text, ' ') as is_full,
        bool_or(texts.role = 'courtesy') as is_courtesy,
        bool_or(texts.role = 'title word') as is_title_word,
        bool_or(texts.role in ('word', 'date or place', 'title word')) as is_word,
        bool_or(texts.role in ('date or place', 'title word')) as is_date_or_place
    from texts
    group by texts.text
    having said_one is not null or guessed_one is not null or family_one is not null
),

-- What stands in titles with another meaning is a name only where a card says so.
named as (
    select
        grouped.*,
        case
            when grouped.is_courtesy then null
            when grouped.said_one = grouped.said_other then grouped.said_one
            when
                grouped.said_one is null
                and not grouped.is_title_word
                and grouped.guessed_one = grouped.guessed_other
                then grouped.guessed_one
        end as named_person_id,
        case when grouped.family_one = grouped.family_other then grouped.family_one end as bearer_id
    from grouped
)

select
    named.text,
    people.person_id,
    named.is_full,
    named.is_word,
    named.is_date_or_place,
    bearers.person_id as family_person_id,
    genders.bearer_is
from named
left join identity.persons as people
    on named.named_person_id = people.person_id and people.kind = 'person' and not people.is_owner
left join identity.persons as bearers
    on named.bearer_id = bearers.person_id and not bearers.is_owner
left join genders on bearers.person_id = genders.person_id
where people.person_id is not null or bearers.person_id is not null
