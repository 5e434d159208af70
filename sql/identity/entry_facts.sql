-- One row per entry: the fullest name of its copies, and what they say of places and days, the
-- newest of them first.
-- key: record_id
-- record_id: the entry
-- name_id: the least of the entries that have these words in this script; null without
-- words: lower-case Latin words of the name, given name first, generation left out; null without
-- generation: jr, sr, ii, iii, iv where the name says so
-- first_word: the first of the words
-- last_word: the last of the words, null if there is only one
-- n_words: how many words
-- script: latin (or one that is spelled out in but a few ways), native (signs that each language
-- reads in its own way: 佐久間) or consonants (a script that leaves out vowels, or has many of them)
-- city: where they live or work
-- birthday: year, month and day, each null where unknown; one with a year before one without
-- books: the address books it stands in, as hashes; null for who has no card
-- is_office: each of its copies is an office or a machine
with named as (
    select
        record_entries.entry_id,
        names.words,
        names.generation,
        names.first_word,
        names.last_word,
        names.n_words,
        case
            when names.origin = 'address' then 'latin'
            when regexp_matches(names.name, '\p{Han}') then 'native'
            when
                regexp_matches(
                    names.name, '[\x{0590}-\x{08FF}\x{0900}-\x{10FF}\x{1780}-\x{17FF}\p{Hangul}]'
                )
                then 'consonants'
            else 'latin'
        end as script
    from identity.names
    inner join identity.record_entries on names.record_id = record_entries.record_id
    qualify row_number() over (
        partition by record_entries.entry_id
        order by
            case
                when names.n_words = 1 then 2
                when least(length(names.first_word), length(names.last_word)) = 1 then 1
                else 0
            end asc,
            names.origin = 'address' asc,
            record_entries.place asc
    ) = 1
),

known as (
    select
        record_entries.entry_id,
        arg_min(cards.city, record_entries.place) filter (where cards.city is not null) as city,
        arg_min(
            cards.birthday,
            struct_pack(has_no_year := cards.birthday.year is null, place := record_entries.place)
        ) filter (where cards.birthday.month is not null) as birthday,
        list_sort(
            list(distinct hash(cards.source, cards.collection)) filter (
                where cards.record_id is not null
            )
        ) as books,
        bool_and(impersonal_records.record_id is not null) as is_office
    from identity.record_entries
    left join staging.cards on record_entries.record_id = cards.record_id
    left join identity.impersonal_records on record_entries.record_id = impersonal_records.record_id
    group by record_entries.entry_id
)

select
    known.entry_id as record_id,
    case
        when named.words is not null
            then min(known.entry_id) over (partition by named.words, named.script)
    end as name_id,
    named.words,
    named.generation,
    named.first_word,
    named.last_word,
    named.n_words,
    named.script,
    known.city,
    known.birthday,
    known.books,
    known.is_office
from known
left join named on known.entry_id = named.entry_id
