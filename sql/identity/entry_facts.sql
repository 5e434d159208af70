-- One row per entry: the fullest name of its copies, and what they say of places and days, the
-- newest of them first.
-- key: record_id
-- record_id: the entry
-- name_id: the least of the entries that have these words in this script; null without
-- words: lower-case Latin words of the name, given name first, generation left out; null without
-- last_word: the last of the words, null if there is only one
-- script: latin (or one that is spelled out in but a few ways, or whose reading is known), native
-- (signs that each language reads in its own way: 佐久間) or consonants (a script that leaves out
-- vowels, or has many of them)
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

-- How a name in another script reads is what it is called in Latin letters at its own address, or
-- what stands before the @ there; where vowels are left out, whose consonants are the same.
foreign_names as (
    select distinct
        named.entry_id,
        named.words,
        named.script
    from named
    where named.script <> 'latin'
),

latin_names as (
    select
        named.entry_id,
        named.words
    from named
    where
        named.script = 'latin'
        and named.n_words > 1
        and least(length(named.first_word), length(named.last_word)) > 1
),

own_points as (
    select
        points.point_id,
        points.record_id as entry_id
    from identity.points
    anti join identity.addresses on points.point = addresses.match_key and addresses.is_household
),

possible_readings as (
    select
        foreign_names.words,
        latin_names.words as reading,
        1 as preference
    from foreign_names
    inner join own_points on foreign_names.entry_id = own_points.entry_id
    inner join own_points as other_points on own_points.point_id = other_points.point_id
    inner join latin_names on other_points.entry_id = latin_names.entry_id
    union all
    select
        foreign_names.words,
        string_split_regex(addresses.local_part, '[._-]') as reading,
        2 as preference
    from foreign_names
    inner join identity.record_entries on foreign_names.entry_id = record_entries.entry_id
    inner join identity.addresses on record_entries.record_id = addresses.record_id
    where
        not addresses.is_household
        and regexp_full_match(addresses.local_part, '[a-z]{2,}[._-][a-z]{2,}')
    union all
    select
        foreign_names.words,
        latin_names.words as reading,
        3 as preference
    from foreign_names
    inner join latin_names
        on
            foreign_names.script = 'consonants'
            and list_sort(raw.all_consonants(foreign_names.words))
            = list_sort(raw.all_consonants(latin_names.words))
    where length(array_to_string(raw.all_consonants(foreign_names.words), '')) > 4
),

surest_readings as (
    select possible_readings.* from possible_readings
    qualify
        possible_readings.preference
        = min(possible_readings.preference) over (partition by possible_readings.words)
),

-- Two people of one name in signs may read it in two ways: then neither is taken.
readings as (
    select
        surest_readings.words,
        min(surest_readings.reading) as reading
    from surest_readings
    group by surest_readings.words
    having count(distinct list_sort([surest_readings.reading[1], surest_readings.reading[-1]])) = 1
),

read as (
    select
        named.entry_id,
        named.generation,
        coalesce(readings.reading, named.words) as words,
        if(readings.reading is null, named.script, 'latin') as script
    from named
    left join readings on named.words = readings.words and named.script <> 'latin'
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
        when read.words is not null
            then min(known.entry_id) over (partition by read.words, read.script)
    end as name_id,
    read.words,
    read.generation,
    read.words[1] as first_word,
    case when array_length(read.words) > 1 then read.words[-1] end as last_word,
    array_length(read.words) as n_words,
    read.script,
    known.city,
    known.birthday,
    known.books,
    known.is_office
from known
left join read on known.entry_id = read.entry_id
