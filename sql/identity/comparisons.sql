-- One row per candidate pair: how their names, employers and birthdays compare.
-- key: record_a, record_b
-- record_a: the lesser record_id
-- record_b: the greater record_id
-- name_relation: same, nickname, spelling (another spelling of one sound), typo (a slip of the
-- pen), shorter (further given or family names left out), initial, part (one word of the other),
-- script (written in another script, which may be read so), alike (both words resemble),
-- family_changed (given name alike, family name not), different, or unknown (one has no name)
-- generation_differs: one is jr, ii, … and the other is another one
-- is_one_junior: of one a name says jr, sr, ii …, of the other none does
-- middle_relation: same or other where both have further given names or initials, else unknown
-- employer_relation: same, alike (one begins with the other), different, or unknown
-- birthday_relation: as raw.birthday_agreement tells, or unknown
-- is_one_source: both stand in one address book
-- Most candidates bear one and the same name: nothing to compare there. What differs is compared
-- once, by number: lists of words are dear to join by.
with name_pairs as (
    select distinct
        one.name_id as a_name_id,
        other.name_id as b_name_id
    from identity.record_pairs
    inner join identity.entry_facts as one on record_pairs.record_a = one.record_id
    inner join identity.entry_facts as other on record_pairs.record_b = other.record_id
    where one.name_id <> other.name_id
),

differing as (
    select
        name_pairs.a_name_id,
        name_pairs.b_name_id,
        a_names.first_word as a_first,
        a_names.last_word as a_last,
        a_names.words as a_words,
        a_names.script as a_script,
        b_names.first_word as b_first,
        b_names.last_word as b_last,
        b_names.words as b_words,
        b_names.script as b_script,
        -- of three words or more: the given name where the family name stands before it
        if(length(a_names.words) > 2, a_names.words[2], null) as a_second,
        if(length(b_names.words) > 2, b_names.words[2], null) as b_second
    from name_pairs
    inner join identity.entry_facts as a_names on name_pairs.a_name_id = a_names.record_id
    inner join identity.entry_facts as b_names on name_pairs.b_name_id = b_names.record_id
    where a_names.words <> b_names.words
),

word_pairs as (
    select distinct
        unnest(
            [
                differing.a_first, differing.a_first, differing.a_last, differing.a_last,
                differing.a_second, differing.a_first
            ]
        ) as one,
        unnest(
            [
                differing.b_first, differing.b_last, differing.b_first, differing.b_last,
                differing.b_first, differing.b_second
            ]
        ) as other
    from differing
),

-- 6 same, 5 one sound, 4 nickname, 3 a slip of the pen, 2 initial, 1 alike, 0 different
graded as (
    select
        word_pairs.one,
        word_pairs.other,
        case
            when word_pairs.one = word_pairs.other and length(word_pairs.one) > 1 then 6
            when one_sounds.sound = other_sounds.sound and length(word_pairs.one) > 1 then 5
            when not nickname_pairs.is_initial then 4
            when length(word_pairs.one) = 1 or length(word_pairs.other) = 1
                then case
                    when left(word_pairs.one, 1) = left(word_pairs.other, 1) then 2
                    when nickname_pairs.is_initial then 2
                    else 0
                end
            when raw.is_slip(word_pairs.one, word_pairs.other) then 3
            when raw.is_alike(word_pairs.one, word_pairs.other) then 1
            else 0
        end as agreement
    from word_pairs
    inner join identity.word_sounds as one_sounds on word_pairs.one = one_sounds.word
    inner join identity.word_sounds as other_sounds on word_pairs.other = other_sounds.word
    left join identity.nickname_pairs using (one, other)
),

-- Kasiia is a Katarzyna with a slip of the pen
slipped as (
    select
        graded.one,
        graded.other
    from graded
    inner join identity.nickname_pairs
        on
            graded.other = nickname_pairs.other
            and left(graded.one, 1) = left(nickname_pairs.one, 1)
            and not nickname_pairs.is_initial
    where graded.agreement < 2 and raw.is_slip(graded.one, nickname_pairs.one)
    union
    select
        graded.one,
        graded.other
    from graded
    inner join identity.nickname_pairs
        on
            graded.one = nickname_pairs.other
            and left(graded.other, 1) = left(nickname_pairs.one, 1)
            and not nickname_pairs.is_initial
    where graded.agreement < 2 and raw.is_slip(graded.other, nickname_pairs.one)
),

agreements as (
    select
        graded.one,
        graded.other,
        if(slipped.one is not null, 3, graded.agreement) as agreement
    from graded
    left join slipped using (one, other)
),

given_words as (
    select listed_words.spelling as word from identity.listed_words
    where listed_words.list = 'given_names'
    union
    select given_forms.value as word from raw.given_forms() as given_forms
),

agreeing as (
    select
        differing.*,
        coalesce(first_first.agreement, 0) as first_first,
        coalesce(last_last.agreement, 0) as last_last,
        coalesce(first_last.agreement, 0) as first_last,
        coalesce(last_first.agreement, 0) as last_first,
        coalesce(second_first.agreement, 0) as second_first,
        coalesce(first_second.agreement, 0) as first_second,
        differing.a_first in (select given_words.word from given_words) as is_a_first_given,
        differing.b_first in (select given_words.word from given_words) as is_b_first_given,
        differing.a_last in (select given_words.word from given_words) as is_a_last_given
    from differing
    left join agreements as first_first
        on differing.a_first = first_first.one and differing.b_first = first_first.other
    left join agreements as last_last
        on differing.a_last = last_last.one and differing.b_last = last_last.other
    left join agreements as first_last
        on differing.a_first = first_last.one and differing.b_last = first_last.other
    left join agreements as last_first
        on differing.a_last = last_first.one and differing.b_first = last_first.other
    left join agreements as second_first
        on differing.a_second = second_first.one and differing.b_first = second_first.other
    left join agreements as first_second
        on differing.a_first = first_second.one and differing.b_second = first_second.other
),

-- "Wu Liyan" and "Liyan Wu": the order in which they agree better is the one meant
ordered as (
    select
        agreeing.*,
        least(agreeing.first_last, agreeing.last_first)
        > least(agreeing.first_first, agreeing.last_last) as is_turned,
        if(is_turned, agreeing.first_last, agreeing.first_first) as given_agreement,
        if(is_turned, agreeing.last_first, agreeing.last_last) as family_agreement,
        if(is_turned, agreeing.b_last, agreeing.b_first) as b_given,
        if(is_turned, agreeing.b_first, agreeing.b_last) as b_family,
        greatest(agreeing.first_first, agreeing.first_last, agreeing.last_first) as best_agreement,
        array_to_string(agreeing.a_words, '') as a_letters,
        array_to_string(agreeing.b_words, '') as b_letters,
        agreeing.a_script <> agreeing.b_script as is_other_script,
        len(
            list_filter(
                list_intersect(agreeing.a_words, agreeing.b_words),
                lambda word: length(word) > 2 -- noqa: RF03
            )
        ) as n_common_words,
        raw.has_all_words(agreeing.a_words, agreeing.b_words)
        or raw.has_all_words(agreeing.b_words, agreeing.a_words) as is_part
    from agreeing
),

related as (
    select
        ordered.a_name_id,
        ordered.b_name_id,
        case
            -- "anali ma", "analima"
            when
                length(ordered.a_letters) >= 6
                and (
                    ordered.a_letters = ordered.b_letters
                    or (
                        (ordered.a_last is null or ordered.b_last is null)
                        and (
                            ordered.a_letters = ordered.b_last || ordered.b_first
                            or ordered.b_letters = ordered.a_last || ordered.a_first
                            or ordered.a_letters = ordered.b_first || ordered.b_last
                            or ordered.b_letters = ordered.a_first || ordered.a_last
                        )
                    )
                )
                then 'same'
            when ordered.is_other_script and 'native' in (ordered.a_script, ordered.b_script)
                then 'script'
            when ordered.is_other_script
                then if(
                    list_has_any(
                        raw.all_consonants(ordered.a_words), raw.all_consonants(ordered.b_words)
                    ),
                    'script',
                    'different'
                )
            when ordered.a_last is null or ordered.b_last is null
                then case
                    when list_has_any(ordered.a_words, ordered.b_words) then 'part'
                    when ordered.best_agreement >= 2 then 'part'
                    when ordered.best_agreement = 1 then 'alike'
                    else 'different'
                end
            when ordered.given_agreement = 6 and ordered.family_agreement = 6 then 'same'
            when ordered.given_agreement = 2 and ordered.family_agreement >= 3 then 'initial'
            when ordered.family_agreement = 2 and ordered.given_agreement >= 3 then 'initial'
            when ordered.given_agreement = 4 and ordered.family_agreement >= 3 then 'nickname'
            when ordered.family_agreement = 4 and ordered.given_agreement >= 3 then 'nickname'
            when ordered.given_agreement >= 5 and ordered.family_agreement >= 5 then 'spelling'
            when ordered.given_agreement >= 3 and ordered.family_agreement >= 3 then 'typo'
            when list_sort(ordered.a_words) = list_sort(ordered.b_words) then 'same'
            when ordered.given_agreement >= 3 and (
                list_contains(ordered.a_words[2:], ordered.b_family)
                or list_contains(
                    if(ordered.is_turned, ordered.b_words[:-2], ordered.b_words[2:]),
                    ordered.a_last
                )
            ) then 'shorter'
            when ordered.family_agreement >= 5 and (
                list_contains(ordered.a_words[2:-2], ordered.b_given)
                or list_contains(ordered.b_words[2:-2], ordered.a_first)
            ) then 'shorter'
            -- two long words in common, in whatever order, and none left over on one side
            when ordered.n_common_words >= 2 and ordered.is_part then 'shorter'
            -- "Olsen Susan M." and "Sue Olsen"
            when
                least(ordered.first_last, ordered.second_first) >= 3
                or least(ordered.last_first, ordered.first_second) >= 3
                then 'shorter'
            -- "M. Olsen" and "Olsen Mary Ann": all of one in the other, an initial for a word
            when ordered.n_common_words >= 1 and ordered.is_part then 'initial'
            -- "Ana N.", a further name's initial, and "Ana Lima"
            when
                ordered.given_agreement >= 2
                and least(length(ordered.a_last), length(ordered.b_last)) = 1
                then 'part'
            when
                least(ordered.given_agreement, ordered.family_agreement) = 1
                and greatest(ordered.given_agreement, ordered.family_agreement) <> 2
                then 'alike'
            when
                ordered.given_agreement >= 2
                and least(length(ordered.a_last), length(ordered.b_last)) > 1
                then 'family_changed'
            -- "Olsen Ana" and "Lima Ana", "Ana Lima" and "Olsen Ana"
            when
                (
                    ordered.last_last >= 3
                    and ordered.is_a_last_given
                    and not ordered.is_a_first_given
                    and not ordered.is_b_first_given
                )
                or (
                    ordered.first_last >= 3
                    and ordered.is_a_first_given
                    and not ordered.is_b_first_given
                )
                or (
                    ordered.last_first >= 3
                    and ordered.is_b_first_given
                    and not ordered.is_a_first_given
                )
                then 'family_changed'
            else 'different'
        end as name_relation,
        case
            when least(length(ordered.a_words), length(ordered.b_words)) < 3 then 'unknown'
            when ordered.is_turned then 'unknown'
            when
                list_has_any(
                    list_transform(ordered.a_words[2:-2], lambda word: left(word, 1)), -- noqa: RF03
                    list_transform(ordered.b_words[2:-2], lambda word: left(word, 1)) -- noqa: RF03
                )
                then 'same'
            else 'other'
        end as middle_relation
    from ordered
),

worked as (
    select
        record_pairs.record_a,
        record_pairs.record_b,
        max(raw.employer_agreement(one.employer, other.employer)) as employer_agreement
    from identity.record_pairs
    inner join identity.employers as one on record_pairs.record_a = one.record_id
    inner join identity.employers as other on record_pairs.record_b = other.record_id
    group by record_pairs.record_a, record_pairs.record_b
)

select
    record_pairs.record_a,
    record_pairs.record_b,
    case
        when related.name_relation is not null then related.name_relation
        when one.name_id is null or other.name_id is null then 'unknown'
        when one.last_word is null then 'part'
        when greatest(length(one.first_word), length(one.last_word)) = 1 then 'unknown'
        when least(length(one.first_word), length(one.last_word)) = 1 then 'initial'
        else 'same'
    end as name_relation,
    coalesce(one.generation <> other.generation, false) as generation_differs,
    (one.generation is null) <> (other.generation is null)
    and one.name_id is not null
    and other.name_id is not null as is_one_junior,
    case
        when related.middle_relation is not null then related.middle_relation
        when one.name_id is null or other.name_id is null then 'unknown'
        when one.n_words > 2 then 'same'
        else 'unknown'
    end as middle_relation,
    case worked.employer_agreement
        when 2 then 'same'
        when 1 then 'alike'
        when 0 then 'different'
        else 'unknown'
    end as employer_relation,
    coalesce(raw.birthday_agreement(one.birthday, other.birthday), 'unknown') as birthday_relation,
    coalesce(list_has_any(one.books, other.books), false) as is_one_source
from identity.record_pairs
inner join identity.entry_facts as one on record_pairs.record_a = one.record_id
inner join identity.entry_facts as other on record_pairs.record_b = other.record_id
left join related on one.name_id = related.a_name_id and other.name_id = related.b_name_id
left join worked using (record_a, record_b)
