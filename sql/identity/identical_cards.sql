-- One row per card that is the same card as an earlier one, by what it says or by its UID.
-- key: record_id, twin_id
-- twin_id: the least record_id of those it is a twin of for this reason
-- reason: same bytes, same in all it says, or same UID
--
-- A UID that stands twice in one place tells nobody there. What stands twice word for word is told
-- by its order: the first is the twin of the first.
with keyed as (
    select
        card_traits.*,
        case
            when card_traits.content_hash is not null
                then hash('says', coalesce(card_traits.uid, ''), card_traits.content_hash)
            when card_traits.bytes is not null then hash('bytes', card_traits.bytes)
        end as content_key
    from identity.card_traits
),

-- Most cards say what no other says, and have a UID of their own: nothing to rank or compare there.
said_twice as (
    select keyed.content_key
    from keyed
    group by keyed.content_key
    having count(*) > 1
),

shared_uids as (
    select card_traits.uid
    from identity.card_traits
    group by card_traits.uid
    having count(*) > 1
),

ranked as (
    select
        keyed.*,
        row_number() over (
            partition by keyed.content_key, keyed.place
            order by keyed.bytes nulls last, keyed.record_id
        ) as nth
    from keyed
    semi join said_twice on keyed.content_key = said_twice.content_key
),

-- Without a UID one side is an import: what two accounts say alike, identity weighs as ever.
by_content as (
    select
        ranked.record_id,
        ranked.bytes,
        ranked.content_key,
        ranked.nth,
        case
            when ranked.uid is not null then 0
            when bool_or(ranked.is_import) over (partition by ranked.content_key, ranked.nth) then 0
            else coalesce(ranked.folder, hash(ranked.record_id))
        end as scope
    from ranked
),

content_twins as (
    select
        by_content.record_id,
        first_value(by_content.record_id) over same_content as twin_id,
        case
            when by_content.bytes = first_value(by_content.bytes) over same_content
                then 'same bytes'
            else 'same in all it says'
        end as reason
    from by_content
    window same_content as (
        partition by by_content.content_key, by_content.nth, by_content.scope
        order by by_content.record_id
    )
),

-- Of two in one place with one UID, one of them gone, the other took its place.
with_uid as (
    select
        card_traits.*,
        count(*) filter (where not card_traits.is_gone) over one_place <= 1
        and count(*) filter (where card_traits.is_gone) over one_place <= 1 as is_alone_in_place
    from identity.card_traits
    semi join shared_uids on card_traits.uid = shared_uids.uid
    window
        one_place as (partition by card_traits.uid, card_traits.place),
        in_one_place as (
            partition by
                card_traits.uid, card_traits.words, card_traits.generation, card_traits.place
        )
    qualify
        count(*) filter (where not card_traits.is_gone) over in_one_place <= 1
        and count(*) filter (where card_traits.is_gone) over in_one_place <= 1
),

-- Where birthdays differ only those with the same are one card.
born as (
    select
        with_uid.*,
        case
            when
                min(with_uid.birthday) over one_uid <> max(with_uid.birthday) over one_uid
                or min(with_uid.birth_year) over one_uid <> max(with_uid.birth_year) over one_uid
                then concat_ws('-', with_uid.birth_year, with_uid.birthday)
        end as told_by_birthday
    from with_uid
    window one_uid as (partition by with_uid.uid)
),

name_twins as (
    select
        born.record_id,
        min(born.record_id) over (
            partition by born.uid, born.words, born.generation, born.told_by_birthday
        ) as twin_id,
        'same UID' as reason
    from born
),

-- The names that one UID stands with, each once: renamed, or another vendor's same number.
uid_names as (
    select
        born.uid,
        born.told_by_birthday,
        born.words,
        born.generation,
        min(born.record_id) as record_id
    from born
    group by born.uid, born.told_by_birthday, born.words, born.generation
    qualify count(*) over (partition by born.uid) between 2 and 60
),

name_pairs as (
    select
        one.uid,
        one.record_id,
        other.record_id as other_id,
        one.words as one_words,
        other.words as other_words,
        coalesce(one.generation <> other.generation, false) as generation_differs
    from uid_names as one
    inner join uid_names as other
        on
            one.uid = other.uid
            and one.told_by_birthday is not distinct from other.told_by_birthday
            and one.record_id <> other.record_id
),

-- Each way to say a word of a name: its sound, and what it is short for.
forms as (
    select
        word_sounds.word,
        word_sounds.sound as form
    from identity.word_sounds
    union
    select
        given_forms.word,
        word_sounds.sound as form
    from raw.given_forms() as given_forms
    inner join identity.word_sounds on given_forms.value = word_sounds.word
    union
    select
        given_forms.word,
        given_forms.value as form
    from raw.given_forms() as given_forms
),

word_pairs as (
    select
        name_pairs.record_id,
        name_pairs.other_id,
        ones.word as one_word,
        others.word as other_word
    from name_pairs
    cross join unnest(name_pairs.one_words) as ones (word)
    cross join unnest(name_pairs.other_words) as others (word)
),

alike as (
    select distinct
        word_pairs.record_id,
        word_pairs.other_id,
        word_pairs.one_word,
        word_pairs.other_word
    from word_pairs
    left join forms as one_forms on word_pairs.one_word = one_forms.word
    left join forms as other_forms on word_pairs.other_word = other_forms.word
    where
        one_forms.form = other_forms.form
        or (
            least(length(word_pairs.one_word), length(word_pairs.other_word)) = 1
            and left(word_pairs.one_word, 1) = left(word_pairs.other_word, 1)
        )
        or (
            least(length(word_pairs.one_word), length(word_pairs.other_word)) >= 4
            and damerau_levenshtein(word_pairs.one_word, word_pairs.other_word) <= 1
        )
),

compared as (
    select
        name_pairs.uid,
        name_pairs.record_id,
        name_pairs.other_id,
        -- all words of the shorter name stand in the other
        not name_pairs.generation_differs and (
            coalesce(
                least(count(distinct alike.one_word), count(distinct alike.other_word))
                >= least(array_length(name_pairs.one_words), array_length(name_pairs.other_words)),
                true
            )
            -- a new family name keeps the card, and the card a UID that nobody gives twice
            or (
                length(name_pairs.uid) >= 16
                and bool_or(
                    alike.one_word = name_pairs.one_words[1]
                    and alike.other_word = name_pairs.other_words[1]
                )
            )
        ) as is_compatible
    from name_pairs
    left join alike using (record_id, other_id)
    group by
        name_pairs.uid, name_pairs.record_id, name_pairs.other_id, name_pairs.one_words,
        name_pairs.other_words, name_pairs.generation_differs
),

compatible_names as (
    select compared.record_id
    from compared
    group by compared.record_id
    having bool_and(compared.is_compatible)
),

renamed_twins as (
    select
        born.record_id,
        min(born.record_id) over (partition by born.uid, born.told_by_birthday) as twin_id,
        'same UID' as reason
    from born
    inner join uid_names
        on
            born.uid = uid_names.uid
            and born.words is not distinct from uid_names.words
            and born.generation is not distinct from uid_names.generation
            and born.told_by_birthday is not distinct from uid_names.told_by_birthday
    semi join compatible_names on uid_names.record_id = compatible_names.record_id
    where born.is_alone_in_place
),

told as (
    select * from content_twins
    union all
    select * from name_twins
    union all
    select * from renamed_twins
)

select
    told.record_id,
    told.twin_id,
    arg_min(
        told.reason,
        list_position(['same bytes', 'same in all it says', 'same UID'], told.reason)
    ) as reason
from told
where told.record_id > told.twin_id
group by told.record_id, told.twin_id
