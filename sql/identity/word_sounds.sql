-- One row per word of any name: how it sounds, so that Mueller, Müller and Muller meet.
-- key: word
-- sound: the word with spellings of one sound made one
with words as (
    select distinct unnest(names.words) as word from identity.names
),

-- Longer spellings first: shch before sh before h.
consonants as (
    select
        words.word,
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(words.word, '(shch|sch|sh|sz)', 's', 'g'),
                        '(tch|ch|cz|cs)',
                        'c',
                        'g'
                    ),
                    '(ph)',
                    'f',
                    'g'
                ),
                '(ck|q)',
                'k',
                'g'
            ),
            '(w)',
            'v',
            'g'
        ) as sound
    from words
),

vowels as (
    select
        consonants.word,
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace(consonants.sound, '(ae|aa)', 'a', 'g'), '(oe)', 'o', 'g'
                ),
                '(ue|ou)',
                'u',
                'g'
            ),
            '([eiyj]*[iyj][eiyj]*)',
            'i',
            'g'
        ) as sound
    from consonants
)

select
    vowels.word,
    case
        when length(vowels.word) < 3 then vowels.word
        else replace(
            replace(
                replace(replace(replace(vowels.sound, 'h', ''), 'll', 'l'), 'nn', 'n'),
                'ss', 's'
            ),
            'tt',
            't'
        )
    end as sound
from vowels
