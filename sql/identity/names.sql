-- One row per record that names somebody: the words it is compared by, the fullest name it has.
-- key: record_id
-- record_id: the card, or the attendee's address
-- name: the text the words come from
-- origin: shown (the card's full name), parts (given and family), invited (a meeting's), address
-- words: lower-case Latin words, given name first, generation left out
-- generation: jr, sr, ii, iii, iv where the name says so
-- last_word: the last of the words, null if there is only one
with texts as (
    select
        cards.record_id,
        cards.full_name as name,
        'shown' as origin,
        1 as preference
    from staging.cards
    union all
    select
        cards.record_id,
        cards.name_in_parts as name,
        'parts' as origin,
        2 as preference
    from staging.cards
    union all
    select
        invited_addresses.record_id,
        invited_addresses.name,
        'invited' as origin,
        1 as preference
    from staging.invited_addresses
),

keyed as (
    select
        texts.record_id,
        texts.name,
        texts.origin,
        texts.preference,
        nullif(regexp_extract(name_keys.name_key, ' (jr|sr|ii|iii|iv)$', 1), '') as generation,
        string_split(regexp_replace(name_keys.name_key, ' (jr|sr|ii|iii|iv)$', ''), ' ') as words
    from texts
    inner join raw.name_keys on texts.name = name_keys.name
    where name_keys.name_key <> ''
),

-- A mail program that knows no name writes what stands before the @: vtorsvik is nobody's name,
-- ana may be one.
echoes as (
    select distinct
        keyed.record_id,
        keyed.name
    from keyed
    inner join identity.addresses using (record_id)
    anti join identity.listed_words
        on keyed.words[1] = listed_words.spelling and listed_words.list = 'given_names'
    where
        array_length(keyed.words) = 1
        and length(keyed.words[1]) > 4
        and regexp_replace(keyed.words[1], '[^a-z]', '', 'g')
        = regexp_replace(addresses.local_part, '[^a-z]', '', 'g')
),

-- A name of two words says more than one of one word, wherever it stands.
own_names as (
    select
        keyed.*,
        case
            when array_length(keyed.words) = 1 then 2
            when least(length(keyed.words[1]), length(keyed.words[-1])) = 1 then 1
            else 0
        end as vagueness
    from keyed
    anti join echoes using (record_id, name)
    qualify row_number() over (
        partition by keyed.record_id
        order by vagueness, keyed.preference, keyed.name, keyed.origin
    ) = 1
),

-- Every full name of the book as it would be written without a gap, in either order.
book_names as (
    select distinct own_names.words from own_names
    where own_names.vagueness = 0
),

spellings as (
    select distinct
        unnest(
            [
                array_to_string(book_names.words, ''),
                array_to_string(book_names.words[2:], '') || book_names.words[1],
                book_names.words[1] || book_names.words[-1],
                book_names.words[-1] || book_names.words[1]
            ]
        ) as letters,
        book_names.words
    from book_names
),

known_spellings as (
    select
        spellings.letters,
        min(spellings.words) as words
    from spellings
    group by spellings.letters
    having count(distinct concat_ws(' ', spellings.words[1], spellings.words[-1])) = 1
),

local_parts as (
    select
        addresses.record_id,
        addresses.email,
        addresses.ordinal,
        regexp_replace(regexp_extract(addresses.email, '^([^@+]+)', 1), '[0-9]', '', 'g')
            as local_part,
        case when array_length(own_names.words) = 1 then own_names.words[1] end as only_word,
        own_names.record_id is null as is_nameless
    from identity.addresses
    left join own_names on addresses.record_id = own_names.record_id
    where coalesce(own_names.vagueness, 3) > 0
),

spelled as (
    select
        local_parts.*,
        regexp_replace(local_parts.local_part, '[^a-z]', '', 'g') as letters,
        string_split(regexp_replace(local_parts.local_part, '[._-]+', ' ', 'g'), ' ')
            as dotted_words,
        regexp_matches(
            local_parts.local_part, '^[a-z]{2,}([._-][a-z]+){0,2}[._-][a-z]{2,}$'
        ) as is_dotted
    from local_parts
),

-- "Ana" at analima@… or alima@…, and nobody at alima@… or limaa@…: the rest may be a family of
-- the book.
rests as (
    select
        spelled.record_id,
        spelled.email,
        spelled.only_word as given,
        spelled.letters[length(spelled.only_word) + 1:] as family
    from spelled
    where starts_with(spelled.letters, spelled.only_word)
    union all
    select
        spelled.record_id,
        spelled.email,
        spelled.only_word as given,
        spelled.letters[2:] as family
    from spelled
    where starts_with(spelled.letters, left(spelled.only_word, 1))
    union all
    select
        spelled.record_id,
        spelled.email,
        left(spelled.letters, 1) as given,
        spelled.letters[2:] as family
    from spelled
    where spelled.is_nameless
    union all
    select
        spelled.record_id,
        spelled.email,
        right(spelled.letters, 1) as given,
        spelled.letters[:-2] as family
    from spelled
    where spelled.is_nameless
),

families as (
    select distinct book_names.words[-1] as family
    from book_names
    where length(book_names.words[-1]) > 2
),

pieced as (
    select
        rests.record_id,
        rests.email,
        min([rests.given, rests.family]) as words
    from rests
    semi join families on rests.family = families.family
    group by rests.record_id, rests.email
    having count(distinct rests.family) = 1
),

-- analima@… names Ana Lima where the book knows her, ana.lima@… anyway.
from_addresses as (
    select
        spelled.record_id,
        spelled.email as name,
        spelled.ordinal,
        coalesce(
            known_spellings.words,
            case when spelled.is_dotted then spelled.dotted_words end,
            pieced.words
        ) as words
    from spelled
    left join known_spellings on spelled.letters = known_spellings.letters
    left join pieced using (record_id, email)
    where known_spellings.letters is not null or spelled.is_dotted or pieced.words is not null
),

-- "A. Lima" or "Ana" at ana.lima@… is Ana Lima, "Bob" at robert.lima@… Robert; "Rui" at
-- ana.lima@… stays Rui.
completed as (
    select
        from_addresses.record_id,
        from_addresses.name,
        'address' as origin,
        from_addresses.words,
        own_names.generation
    from from_addresses
    left join own_names on from_addresses.record_id = own_names.record_id
    left join identity.nickname_pairs
        on
            own_names.words = [nickname_pairs.one]
            and from_addresses.words[1] = nickname_pairs.other
            and not nickname_pairs.is_initial
    where
        own_names.record_id is null
        or nickname_pairs.one is not null
        or (
            contains(' ' || array_to_string(from_addresses.words, ' '), ' ' || own_names.words[1])
            and contains(
                ' ' || array_to_string(from_addresses.words, ' '), ' ' || own_names.words[-1]
            )
        )
    qualify row_number() over (
        partition by from_addresses.record_id
        order by from_addresses.ordinal, from_addresses.name
    ) = 1
),

chosen as (
    select * from completed
    union all
    select
        own_names.record_id,
        own_names.name,
        own_names.origin,
        own_names.words,
        own_names.generation
    from own_names
    anti join completed on own_names.record_id = completed.record_id
)

select
    chosen.record_id,
    chosen.name,
    chosen.origin,
    chosen.words,
    chosen.generation,
    chosen.words[1] as first_word,
    case when array_length(chosen.words) > 1 then chosen.words[-1] end as last_word,
    array_length(chosen.words) as n_words
from chosen
