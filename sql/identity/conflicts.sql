-- One row per pair of records that a component would join and that cannot be one human.
-- key: record_a, record_b, reason
-- reason: names, birthdays, generations, namesakes, or you said so
-- is_split: the user split one from the other
with sizes as (
    select components.component_id
    from identity.components
    group by components.component_id
    having count(*) > 2
),

members as (
    select
        components.component_id,
        components.record_id,
        names.words,
        names.first_word,
        names.last_word,
        names.generation
    from identity.components
    semi join sizes using (component_id)
    inner join identity.entry_facts as names using (record_id)
    where names.words is not null
),

-- Each name of a component once: most components have one or two.
component_names as (
    select distinct
        members.component_id,
        members.first_word,
        members.last_word,
        members.words
    from members
),

name_pairs as (
    select
        one.component_id,
        one.words as one_words,
        other.words as other_words,
        one.first_word as one_first,
        other.first_word as other_first,
        one.last_word as one_last,
        other.last_word as other_last
    from component_names as one
    inner join component_names as other
        on one.component_id = other.component_id and one.words < other.words
),

distinct_pairs as (
    select distinct
        name_pairs.one_words,
        name_pairs.other_words
    from name_pairs
),

crossed as (
    select
        distinct_pairs.one_words,
        distinct_pairs.other_words,
        ones.word as one_word,
        others.word as other_word
    from distinct_pairs
    cross join unnest(distinct_pairs.one_words) as ones (word)
    cross join unnest(distinct_pairs.other_words) as others (word)
),

alike_words as (
    select
        crossed.one_words,
        crossed.other_words,
        count(distinct crossed.one_word) as n_alike
    from crossed
    inner join identity.word_sounds as one_sounds on crossed.one_word = one_sounds.word
    inner join identity.word_sounds as other_sounds on crossed.other_word = other_sounds.word
    left join identity.nickname_pairs
        on crossed.one_word = nickname_pairs.one and crossed.other_word = nickname_pairs.other
    where
        one_sounds.sound = other_sounds.sound
        or nickname_pairs.one is not null
        or (
            least(length(crossed.one_word), length(crossed.other_word)) = 1
            and left(crossed.one_word, 1) = left(crossed.other_word, 1)
        )
        or raw.is_slip(crossed.one_word, crossed.other_word)
    group by crossed.one_words, crossed.other_words
),

-- Two words alike, or the only one: less is another human ("J. Lima" between John and Jane).
name_conflicts as (
    select
        name_pairs.component_id,
        name_pairs.one_words,
        name_pairs.other_words
    from name_pairs
    left join alike_words using (one_words, other_words)
    where
        coalesce(alike_words.n_alike, 0)
        < least(2, array_length(name_pairs.one_words), array_length(name_pairs.other_words))
),

-- A change of family name that a shared address vouches for speaks for all cards of the two names.
vouched as (
    select distinct
        one.component_id,
        least(one.words, other.words) as one_words,
        greatest(one.words, other.words) as other_words
    from identity.links
    inner join members as one on links.record_a = one.record_id
    inner join members as other on links.record_b = other.record_id
    where links.is_joined
),

born as (
    select
        components.component_id,
        components.record_id,
        facts.birthday
    from identity.components
    semi join sizes on components.component_id = sizes.component_id
    inner join identity.entry_facts as facts using (record_id)
    where facts.birthday.month is not null
)

select
    one.component_id,
    parted_entries.record_a,
    parted_entries.record_b,
    'you said so' as reason,
    parted_entries.parted_id is not null as is_split
from identity.parted_entries
inner join identity.components as one on parted_entries.record_a = one.record_id
inner join identity.components as other
    on parted_entries.record_b = other.record_id and one.component_id = other.component_id
union all
select
    one.component_id,
    one.record_id as record_a,
    other.record_id as record_b,
    'birthdays' as reason,
    false as is_split
from born as one
inner join born as other
    on one.component_id = other.component_id and one.record_id < other.record_id
where raw.birthday_agreement(one.birthday, other.birthday) = 'other'
union all
select
    one.component_id,
    one.record_id as record_a,
    other.record_id as record_b,
    'generations' as reason,
    false as is_split
from members as one
inner join members as other
    on
        one.component_id = other.component_id
        and one.record_id < other.record_id
        and one.generation <> other.generation
union all
select
    one.component_id,
    least(one.record_id, other.record_id) as record_a,
    greatest(one.record_id, other.record_id) as record_b,
    'names' as reason,
    false as is_split
from name_conflicts
inner join members as one
    on name_conflicts.component_id = one.component_id and name_conflicts.one_words = one.words
inner join members as other
    on
        name_conflicts.component_id = other.component_id
        and name_conflicts.other_words = other.words
anti join vouched
    on
        name_conflicts.component_id = vouched.component_id
        and name_conflicts.one_words = vouched.one_words
        and name_conflicts.other_words = vouched.other_words
union all
-- Joined only through others: what the two say of themselves speaks against it.
select
    one.component_id,
    name_links.record_a,
    name_links.record_b,
    'namesakes' as reason,
    false as is_split
from identity.name_links
inner join identity.components as one on name_links.record_a = one.record_id
inner join identity.components as other
    on name_links.record_b = other.record_id and one.component_id = other.component_id
where name_links.is_against and name_links.odds < 0.5
