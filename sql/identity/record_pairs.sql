-- One row per pair of records worth comparing: a point in common, or names alike enough to look.
-- key: record_a, record_b
-- record_a: the lesser record_id
-- record_b: the greater record_id

-- Each way to say a first name: itself and what it is short for.
with forms as (
    select
        sounds.word,
        sounds.sound
    from identity.word_sounds as sounds
    union
    select
        nicknames.word,
        sounds.sound
    from raw.listed('nicknames') as nicknames
    inner join identity.word_sounds as sounds on nicknames.value = sounds.word
    union
    select
        nicknames.word,
        nicknames.value as sound
    from raw.listed('nicknames') as nicknames
),

-- Order does not count: Chen Longwei and Longwei Chen are one block.
name_ends as (
    select
        names.record_id,
        firsts.sound as one,
        lasts.sound as other
    from identity.entry_facts as names
    inner join forms as firsts on names.first_word = firsts.word
    inner join identity.word_sounds as lasts on names.last_word = lasts.word
    union
    select
        names.record_id,
        firsts.sound as one,
        lasts.sound as other
    from identity.entry_facts as names
    inner join identity.word_sounds as firsts on names.first_word = firsts.word
    inner join forms as lasts on names.last_word = lasts.word
    union
    -- Andrés Gutiérrez Soler is Andrés Gutiérrez in most books
    select
        names.record_id,
        firsts.sound as one,
        seconds.sound as other
    from identity.entry_facts as names
    inner join forms as firsts on names.first_word = firsts.word
    inner join identity.word_sounds as seconds on names.words[2] = seconds.word
    where names.n_words > 2 and length(names.words[2]) > 1
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
        hash('work', employers.employer_stem, name_ends.other, left(name_ends.one, 1)) as block_id,
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
        hash('initial', name_ends.other, left(name_ends.one, 1)) as block_id,
        8 as most
    from name_ends
    where length(name_ends.other) > 1
    union
    select
        points.record_id,
        hash('point', points.point_id) as block_id,
        60 as most
    from identity.points
),

-- What stands on very many records tells nobody from anybody, and its pairs would be millions.
sized as (
    select
        blocks.record_id,
        blocks.block_id
    from blocks
    qualify count(*) over (partition by blocks.block_id) between 2 and blocks.most
)

select distinct
    one.record_id as record_a,
    other.record_id as record_b
from sized as one
inner join sized as other
    on one.block_id = other.block_id and one.record_id < other.record_id
