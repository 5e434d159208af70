-- One row per candidate pair: how their names, employers, cities and birthdays compare.
-- key: record_a, record_b
-- record_a: the lesser record_id
-- record_b: the greater record_id
-- name_relation: same, nickname, spelling (another spelling of one sound), typo (a slip of the
-- pen), shorter (further given or family names left out), initial, part (one word of the other),
-- family_changed (given name alike, family name not), different, or unknown (one has no name)
-- generation_differs: one is jr, ii, … and the other is another one
-- employer_relation: same, alike (one begins with the other), different, or unknown
-- is_same_city: both name the same city
-- is_other_city: both name a city, and not the same
-- is_same_birthday: both know a birthday, and what both know agrees
-- is_other_birthday: both know a birthday, and they differ
-- is_one_source: both stand in one address book
with named as (
    select
        record_pairs.record_a,
        record_pairs.record_b,
        a_names.first_word as a_first,
        a_names.last_word as a_last,
        a_names.words as a_words,
        a_names.generation as a_generation,
        b_names.first_word as b_first,
        b_names.last_word as b_last,
        b_names.words as b_words,
        b_names.generation as b_generation
    from identity.record_pairs
    inner join identity.entry_facts as a_names on record_pairs.record_a = a_names.record_id
    inner join identity.entry_facts as b_names on record_pairs.record_b = b_names.record_id
),

-- Most candidates bear one and the same name: nothing to compare there.
differing as (
    select named.*
    from named
    where named.a_words <> named.b_words
),

word_pairs as (
    select distinct
        unnest([differing.a_first, differing.a_first, differing.a_last, differing.a_last]) as one,
        unnest([differing.b_first, differing.b_last, differing.b_first, differing.b_last]) as other
    from differing
),

-- 6 same, 5 one sound, 4 nickname, 3 a slip of the pen, 2 initial, 0 different
agreements as (
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
            else 0
        end as agreement
    from word_pairs
    inner join identity.word_sounds as one_sounds on word_pairs.one = one_sounds.word
    inner join identity.word_sounds as other_sounds on word_pairs.other = other_sounds.word
    left join identity.nickname_pairs using (one, other)
),

agreeing as (
    select
        differing.*,
        coalesce(first_first.agreement, 0) as first_first,
        coalesce(last_last.agreement, 0) as last_last,
        coalesce(first_last.agreement, 0) as first_last,
        coalesce(last_first.agreement, 0) as last_first
    from differing
    left join agreements as first_first
        on differing.a_first = first_first.one and differing.b_first = first_first.other
    left join agreements as last_last
        on differing.a_last = last_last.one and differing.b_last = last_last.other
    left join agreements as first_last
        on differing.a_first = first_last.one and differing.b_last = first_last.other
    left join agreements as last_first
        on differing.a_last = last_first.one and differing.b_first = last_first.other
),

-- "Wu Liyan" and "Liyan Wu": the order in which they agree better is the one meant
ordered as (
    select
        agreeing.*,
        least(agreeing.first_last, agreeing.last_first)
        > least(agreeing.first_first, agreeing.last_last) as is_turned,
        if(is_turned, agreeing.first_last, agreeing.first_first) as given_agreement,
        if(is_turned, agreeing.last_first, agreeing.last_last) as family_agreement
    from agreeing
),

related as (
    select
        ordered.record_a,
        ordered.record_b,
        coalesce(ordered.a_generation <> ordered.b_generation, false) as generation_differs,
        case
            when ordered.a_last is null or ordered.b_last is null
                then case
                    when list_has_any(ordered.a_words, ordered.b_words) then 'part'
                    when
                        greatest(ordered.first_first, ordered.first_last, ordered.last_first) >= 4
                        then 'part'
                    when
                        greatest(ordered.first_first, ordered.first_last, ordered.last_first) >= 2
                        then 'part'
                    else 'different'
                end
            when ordered.given_agreement = 6 and ordered.family_agreement = 6 then 'same'
            when ordered.given_agreement = 2 and ordered.family_agreement >= 3 then 'initial'
            when ordered.family_agreement = 2 and ordered.given_agreement >= 3 then 'initial'
            when ordered.given_agreement = 4 and ordered.family_agreement >= 3 then 'nickname'
            when ordered.family_agreement = 4 and ordered.given_agreement >= 3 then 'nickname'
            when ordered.given_agreement >= 5 and ordered.family_agreement >= 5 then 'spelling'
            when ordered.given_agreement >= 3 and ordered.family_agreement >= 3 then 'typo'
            when ordered.given_agreement >= 3 and (
                list_contains(ordered.a_words, ordered.b_last)
                or list_contains(ordered.b_words, ordered.a_last)
            ) then 'shorter'
            when ordered.family_agreement >= 5 and (
                list_contains(ordered.a_words[2:], ordered.b_first)
                or list_contains(ordered.b_words[2:], ordered.a_first)
            ) then 'shorter'
            when
                ordered.given_agreement >= 3
                and length(ordered.a_first) > 1
                and length(ordered.b_first) > 1
                then 'family_changed'
            else 'different'
        end as name_relation
    from ordered
    union all
    select
        named.record_a,
        named.record_b,
        coalesce(named.a_generation <> named.b_generation, false) as generation_differs,
        case
            when named.a_last is null then 'part'
            when least(length(named.a_first), length(named.a_last)) = 1 then 'initial'
            else 'same'
        end as name_relation
    from named
    where named.a_words = named.b_words
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
    coalesce(related.name_relation, 'unknown') as name_relation,
    coalesce(related.generation_differs, false) as generation_differs,
    case worked.employer_agreement
        when 2 then 'same'
        when 1 then 'alike'
        when 0 then 'different'
        else 'unknown'
    end as employer_relation,
    coalesce(
        strip_accents(lower(a_facts.city)) = strip_accents(lower(b_facts.city)), false
    ) as is_same_city,
    coalesce(
        strip_accents(lower(a_facts.city)) <> strip_accents(lower(b_facts.city)), false
    ) as is_other_city,
    coalesce(
        a_facts.birthday.month = b_facts.birthday.month
        and a_facts.birthday.day = b_facts.birthday.day
        and coalesce(a_facts.birthday.year = b_facts.birthday.year, true),
        false
    ) as is_same_birthday,
    coalesce(a_facts.birthday.month <> b_facts.birthday.month, false)
    or coalesce(a_facts.birthday.day <> b_facts.birthday.day, false)
    or coalesce(a_facts.birthday.year <> b_facts.birthday.year, false) as is_other_birthday,
    coalesce(list_has_any(a_facts.books, b_facts.books), false) as is_one_source
from identity.record_pairs
left join related using (record_a, record_b)
left join worked using (record_a, record_b)
left join identity.entry_facts as a_facts on record_pairs.record_a = a_facts.record_id
left join identity.entry_facts as b_facts on record_pairs.record_b = b_facts.record_id
