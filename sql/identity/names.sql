-- One row per record that names somebody: the words it is compared by, the fullest name it has.
-- record_id: the card, or the attendee's address
-- name: the text the words come from
-- origin: shown (the card's full name), parts (given and family), invited (a meeting's), address
-- words: lower-case Latin words, given name first, generation left out
-- generation: jr, sr, ii, iii, iv where the name says so
-- first_word: the first of the words
-- last_word: the last of the words, null if there is only one
-- n_words: how many words
with cards as (
    select * from staging.cards
),

attendees as (
    select * from staging.attendees
),

addresses as (
    select * from identity.addresses
),

name_keys as (
    select * from staging.name_keys
),

-- ana.lima@… names Ana Lima; ana@… and alima@… name nobody for certain.
from_addresses as (
    select
        addresses.record_id,
        addresses.email as name,
        regexp_replace(
            regexp_replace(regexp_extract(addresses.email, '^([^@+]+)', 1), '[0-9]', '', 'g'),
            '[._-]+',
            ' ',
            'g'
        ) as name_key,
        addresses.ordinal
    from addresses
    where regexp_matches(addresses.email, '^[a-z]+[0-9]*([._-][a-z]+[0-9]*){1,3}([+][^@]*)?@')
),

texts as (
    select cards.record_id, cards.full_name as name, 'shown' as origin, 1 as preference from cards
    union all
    select cards.record_id, cards.name_in_parts as name, 'parts' as origin, 2 as preference
    from cards
    union all
    select attendees.record_id, attendees.name, 'invited' as origin, 1 as preference
    from attendees
),

keyed as (
    select
        texts.record_id,
        texts.name,
        texts.origin,
        texts.preference,
        name_keys.name_key
    from texts
    inner join name_keys on texts.name = name_keys.name
    where name_keys.name_key is not null
    union all
    select
        from_addresses.record_id,
        from_addresses.name,
        'address' as origin,
        2 + from_addresses.ordinal as preference,
        from_addresses.name_key
    from from_addresses
),

parted as (
    select
        keyed.record_id,
        keyed.name,
        keyed.origin,
        keyed.preference,
        nullif(regexp_extract(keyed.name_key, ' (jr|sr|ii|iii|iv)$', 1), '') as generation,
        string_split(
            regexp_replace(keyed.name_key, ' (jr|sr|ii|iii|iv)$', ''), ' '
        ) as words
    from keyed
    where keyed.name_key <> ''
),

final as (
    select
        parted.record_id,
        parted.name,
        parted.origin,
        parted.words,
        parted.generation,
        parted.words[1] as first_word,
        case when array_length(parted.words) > 1 then parted.words[-1] end as last_word,
        array_length(parted.words) as n_words
    from parted
    -- A name of two words says more than one of one word, wherever it stands.
    qualify row_number() over (
        partition by parted.record_id
        order by
            case
                when array_length(parted.words) = 1 then 2
                when length(parted.words[1]) = 1 then 1
                else 0
            end,
            parted.preference,
            parted.name
    ) = 1
)

select * from final
