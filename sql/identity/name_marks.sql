-- One row per name and stretch of it that stands in a list of words (sql/words).
-- key: name, place, last_place, list, value, word, is_part
-- name: as it is written
-- place: the first word of the stretch, counted from 1
-- last_place: the last word of the stretch
-- list: which list
-- value: what the list says of it
-- word: as the list has it
-- is_part: it is a part of a longer word, as in Musikschule and 中国银行
-- is_initials: it is single letters, as in S. A.
with counts as (
    select unnest(range(1, 60)) as n
),

places as materialized (
    select
        spellings.text as name,
        spellings.words,
        unnest(range(1, length(spellings.words) + 1)) as place,
        spellings.words[place] as word
    from identity.spellings
),

stretches as (
    select
        places.name,
        places.place,
        places.place + counts.n - 1 as last_place,
        array_to_string(places.words[places.place:places.place + counts.n - 1], ' ') as key
    from places
    inner join counts on counts.n <= 4 and places.place + counts.n - 1 <= length(places.words)
),

whole_words as (
    select
        stretches.name,
        stretches.place,
        stretches.last_place,
        listed_words.list,
        listed_words.value,
        listed_words.word,
        false as is_part,
        listed_words.is_initials
    from stretches
    inner join identity.listed_words
        on stretches.key = listed_words.spelling and listed_words.list <> 'place_endings'
),

long_words as (
    select
        places.name,
        places.place,
        places.word
    from places
    where length(places.word) >= 7
),

-- Kaffebrenneriet, Björkskolan: the article stands behind the word.
definite_words as (
    select * from long_words
    union
    select
        long_words.name,
        long_words.place,
        regexp_replace(long_words.word, '(en|et|n|t|an|na|ene|erne|s)$', '') as word
    from long_words
),

family_words as (
    select distinct listed_words.spelling from identity.listed_words
    where listed_words.list = 'family_words'
),

endings as (
    select
        definite_words.name,
        definite_words.place,
        right(definite_words.word, counts.n) as key,
        length(definite_words.word) - counts.n as n_letters_before
    from definite_words
    inner join counts on counts.n between 5 and least(length(definite_words.word), 20)
),

-- Musikschule, Elbapotheke, Kattilankoulu: these languages write as one word what belongs together.
compounds as (
    select
        endings.name,
        endings.place,
        endings.place as last_place,
        listed_words.list,
        listed_words.value,
        listed_words.word,
        true as is_part,
        false as is_initials
    from endings
    inner join identity.listed_words
        on
            endings.key = listed_words.spelling
            and listed_words.list in ('business_words', 'trades')
            and (
                listed_words.language in ('de', 'nl', 'sv', 'da', 'no', 'fi', 'hu', 'et')
                -- Dierenambulance, Fischrestaurant: long words that they took over
                or (listed_words.list = 'business_words' and length(listed_words.spelling) >= 8)
            )
    left join family_words on endings.key = family_words.spelling
    -- Schneiders is a family, as Schneider is
    where
        endings.n_letters_before >= 3
        or (endings.n_letters_before = 0 and family_words.spelling is null)
),

-- Schreinerei, falegnameria, kadeřnictví, fodrászat: how a language makes a place or a trade of a
-- word. Valeria is a human nevertheless.
human_words as (
    select distinct listed_words.spelling from identity.listed_words
    where listed_words.list in ('given_names', 'family_words', 'common_families')
),

made_words as (
    select
        long_words.name,
        long_words.place,
        long_words.place as last_place,
        'business_words' as list,
        listed_words.value,
        long_words.word,
        true as is_part,
        false as is_initials
    from long_words
    inner join identity.listed_words
        on
            listed_words.list = 'place_endings'
            and ends_with(long_words.word, listed_words.spelling)
            and length(long_words.word) >= length(listed_words.spelling) + 3
    anti join human_words on long_words.word = human_words.spelling
    where length(long_words.word) >= 8
),

unspaced_words as (
    select
        places.name,
        places.place,
        places.word
    from places
    where regexp_matches(places.word, '[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}㈱㈲㈜]')
),

signs as (
    select
        unspaced_words.name,
        unspaced_words.place,
        unspaced_words.word,
        starts.n as start,
        substring(unspaced_words.word, starts.n, counts.n) as key
    from unspaced_words
    inner join counts as starts on starts.n <= length(unspaced_words.word)
    inner join counts on counts.n <= 15 and starts.n + counts.n - 1 <= length(unspaced_words.word)
),

-- A human's name has two to four signs, and any two of them may be a word as well.
within_words as (
    select
        signs.name,
        signs.place,
        signs.place as last_place,
        listed_words.list,
        listed_words.value,
        listed_words.word,
        true as is_part,
        false as is_initials
    from signs
    inner join identity.listed_words on signs.key = listed_words.spelling
    where
        listed_words.list in ('business_words', 'trades', 'company_forms')
        and signs.key <> signs.word
        and case
            when listed_words.spelling in ('㈱', '㈲', '㈜') then true
            when listed_words.language = 'th' then signs.start = 1 or length(signs.key) >= 6
            when listed_words.language = 'ko'
                then
                    (length(signs.word) >= 4 and length(signs.key) >= 2)
                    or (
                        length(signs.key) = 2
                        and listed_words.value = 'practice'
                        and ends_with(signs.word, signs.key)
                    )
            when length(signs.key) = 2
                then length(signs.word) >= 4 or ends_with(signs.word, signs.key)
            else length(signs.key) >= 3
        end
),

-- TSV Grünwald, Waldheim BKK: letters that nobody can say as a word are a club's or an office's,
-- where the rest is not in capitals as well. "MRS Lim" is told by her title.
letters as (
    select
        places.name,
        places.place,
        places.place as last_place,
        'acronyms' as list,
        null as value,
        places.word,
        false as is_part,
        false as is_initials
    from places
    where
        places.place in (1, length(places.words))
        and regexp_full_match(
            string_split(places.name, ' ')[places.place],
            '[BCDFGHJKLMNPQRSTVWXZБВГДЖЗКЛМНПРСТФХЦЧШЩ]{3,5}|[AEIOU][BCDFGHJKLMNPQRSTVWXZ]{2,4}'
        )
        and length(string_split(places.name, ' ')) = length(places.words)
        and (
            places.name <> upper(places.name)
            or (length(places.words) = 1 and length(places.name) > 3)
        )
)

select * from whole_words
union
select * from letters
union
select * from compounds
union
select * from made_words
union
select * from within_words
