-- One row per pair of records worth comparing: a point in common, or names alike enough to look.
-- key: record_a, record_b
-- record_a: the lesser record_id
-- record_b: the greater record_id

-- Each way to say a first name: itself and what it is short for. The letter is what an initial
-- would be: Helen and José sound like Elen and Iose.
with forms as (
    select
        sounds.word,
        sounds.sound,
        left(sounds.word, 1) as initial
    from identity.word_sounds as sounds
    union
    select
        given_forms.word,
        sounds.sound,
        left(given_forms.value, 1) as initial
    from raw.given_forms() as given_forms
    inner join identity.word_sounds as sounds on given_forms.value = sounds.word
    union
    select
        given_forms.word,
        given_forms.value as sound,
        left(given_forms.value, 1) as initial
    from raw.given_forms() as given_forms
),

entry_words as (
    select
        entry_facts.record_id,
        unnest(entry_facts.words) as word,
        generate_subscripts(entry_facts.words, 1) as place
    from identity.entry_facts
),

-- Of names of three words and more.
long_words as (
    select entry_words.*
    from entry_words
    inner join identity.entry_facts using (record_id)
    where entry_facts.n_words between 3 and 6 and length(entry_words.word) > 2
),

-- Order does not count: Chen Longwei and Longwei Chen are one block.
name_ends as (
    select
        names.record_id,
        firsts.sound as one,
        lasts.sound as other,
        firsts.initial
    from identity.entry_facts as names
    inner join forms as firsts on names.first_word = firsts.word
    inner join identity.word_sounds as lasts on names.last_word = lasts.word
    union
    select
        names.record_id,
        firsts.sound as one,
        lasts.sound as other,
        left(firsts.word, 1) as initial
    from identity.entry_facts as names
    inner join identity.word_sounds as firsts on names.first_word = firsts.word
    inner join forms as lasts on names.last_word = lasts.word
    union
    -- Andrés Gutiérrez Soler is Andrés Gutiérrez in most books, and Soler Andrés in some
    select
        one.record_id,
        one_sounds.sound as one,
        other_sounds.sound as other,
        one_sounds.initial
    from long_words as one
    inner join long_words as other on one.record_id = other.record_id and one.place < other.place
    inner join forms as one_sounds on one.word = one_sounds.word
    inner join forms as other_sounds on other.word = other_sounds.word
),

known_birthdays as (
    select
        entry_facts.record_id,
        entry_facts.birthday.year as born_year,
        entry_facts.birthday.month as born_month,
        entry_facts.birthday.day as born_day,
        entry_words.word
    from identity.entry_facts
    inner join entry_words using (record_id)
    where entry_facts.birthday.month is not null and entry_facts.birthday.day is not null
),

blocks as (
    select
        name_ends.record_id,
        hash(
            'name',
            least(name_ends.one, name_ends.other),
            greatest(name_ends.one, name_ends.other)
        ) as block_id,
        25 as most
    from name_ends
    union
    -- the family name and the initial of the given name, at one employer
    select
        name_ends.record_id,
        hash('work', employers.employer_stem, name_ends.other, name_ends.initial) as block_id,
        15 as most
    from name_ends
    inner join identity.employers using (record_id)
    where length(name_ends.other) > 1
    union
    -- the given name and how the family name begins
    select
        name_ends.record_id,
        hash('work', employers.employer_stem, name_ends.one, left(name_ends.other, 2)) as block_id,
        10 as most
    from name_ends
    inner join identity.employers using (record_id)
    where length(name_ends.one) > 1
    union
    -- a family name that few have, and the initial of the given name
    select
        name_ends.record_id,
        hash('initial', name_ends.other, name_ends.initial) as block_id,
        8 as most
    from name_ends
    where length(name_ends.other) > 1
    union
    -- one name, however common its sound is
    select
        entry_facts.record_id,
        hash('words', entry_facts.words) as block_id,
        25 as most
    from identity.entry_facts
    where entry_facts.n_words > 1
    union
    -- one name in one city
    select
        name_ends.record_id,
        hash(
            'city',
            least(name_ends.one, name_ends.other),
            greatest(name_ends.one, name_ends.other),
            strip_accents(lower(entry_facts.city))
        ) as block_id,
        15 as most
    from name_ends
    inner join identity.entry_facts using (record_id)
    where entry_facts.city is not null
    union
    -- one birthday, day and month turned or not, and one word that begins alike
    select
        known_birthdays.record_id,
        hash(
            'born',
            known_birthdays.born_year,
            least(known_birthdays.born_month, known_birthdays.born_day),
            greatest(known_birthdays.born_month, known_birthdays.born_day),
            left(known_birthdays.word, 1)
        ) as block_id,
        12 as most
    from known_birthdays
    union
    -- one word of the name, and two parts of a birthday
    select
        one_word.record_id,
        unnest(
            [
                hash('year', word_sounds.sound, one_word.born_year, one_word.born_month),
                hash('day', word_sounds.sound, one_word.born_year, -one_word.born_day),
                hash('month', word_sounds.sound, one_word.born_month, -one_word.born_day)
            ]
        ) as block_id,
        10 as most
    from known_birthdays as one_word
    inner join identity.word_sounds using (word)
    where length(one_word.word) > 1
    union
    select
        points.record_id,
        hash('point', points.point_id) as block_id,
        60 as most
    from identity.points
),

-- One given name, and a family name with a letter left out, too many or another. Each name once,
-- so that many records of one human do not fill a block.
slips as (
    select distinct
        forms.sound as given,
        entry_facts.name_id,
        unnest(
            list_transform(
                range(0, length(entry_facts.last_word) + 1),
                lambda place: left(entry_facts.last_word, place - 1) -- noqa: RF02
                || entry_facts.last_word[place + 1:] -- noqa: RF02
            )
        ) as letters
    from identity.entry_facts
    inner join forms on entry_facts.first_word = forms.word
    where
        entry_facts.record_id = entry_facts.name_id
        and length(entry_facts.last_word) > 3
        and length(entry_facts.first_word) > 1
),

slip_blocks as (
    select
        slips.name_id,
        hash(slips.given, slips.letters) as block_id
    from slips
    qualify count(*) over (partition by slips.given, slips.letters) between 2 and 6
),

slip_pairs as (
    select distinct
        one.name_id as one_id,
        other.name_id as other_id
    from slip_blocks as one
    inner join slip_blocks as other on one.block_id = other.block_id and one.name_id < other.name_id
),

bearers as (
    select
        entry_facts.name_id,
        entry_facts.record_id
    from identity.entry_facts
    where entry_facts.n_words > 1
    qualify count(*) over (partition by entry_facts.name_id) <= 12
),

-- What stands on very many records tells nobody from anybody, and its pairs would be millions.
sized as (
    select
        blocks.record_id,
        blocks.block_id
    from blocks
    qualify count(*) over (partition by blocks.block_id) between 2 and blocks.most
)

select
    one.record_id as record_a,
    other.record_id as record_b
from sized as one
inner join sized as other
    on one.block_id = other.block_id and one.record_id < other.record_id
union
select
    least(one.record_id, other.record_id) as record_a,
    greatest(one.record_id, other.record_id) as record_b
from slip_pairs
inner join bearers as one on slip_pairs.one_id = one.name_id
inner join bearers as other on slip_pairs.other_id = other.name_id
