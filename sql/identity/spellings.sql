-- One row per text that is a name or stands in a list of words, in the form in which the two meet:
-- lower case, without accents, what is in brackets left out, "S. p. A." as one word.
-- key: text
-- text: as it is written
-- words: its words
-- head: its first stretch without a blank, hyphens kept
-- joined: its words with a blank between them
with texts as (
    select cards.full_name as text from staging.cards
    union
    select cards.name_in_parts as text from staging.cards
    union
    select cards.given as text from staging.cards
    union
    select cards.family as text from staging.cards
    union
    select attendees.name as text from staging.attendees
    union
    select words.word as text from raw.words
    where
        words.list not in (
            'role_addresses', 'service_domains', 'nicknames', 'common_families', 'mail_providers'
        )
),

-- In Hindi, Thai and Japanese a mark is a letter: without it Rama is Ram.
lowered as (
    select
        texts.text,
        translate(
            case
                when regexp_matches(texts.text, '[\x{0900}-\x{0EFF}\x{3040}-\x{30FF}]')
                    then lower(nfc_normalize(texts.text))
                else strip_accents(lower(texts.text))
            end,
            'ıøłđةى’‘`´״“”„',
            'ioldهي''''''''""""'
        ) as plain
    from texts
    where texts.text is not null
),

-- (株) and (주) are a company's form; a word in brackets is a remark.
unbracketed as (
    select
        lowered.text,
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace(
                        replace(replace(lowered.plain, 'ß', 'ss'), 'æ', 'ae'),
                        '[(（][株有주유][)）]',
                        '㈱',
                        'g'
                    ),
                    '[(\[{<（【][^)\]}>）】]{2,}[)\]}>）】]',
                    ' ',
                    'g'
                ),
                '([\p{Hebrew}])["'']',
                '\1',
                'g'
            ),
            '(\p{Cyrillic})''(\p{Cyrillic})',
            '\1\2',
            'g'
        ) as plain
    from lowered
),

undotted as (
    select
        unbracketed.text,
        list_transform(
            string_split_regex(trim(unbracketed.plain), '\s+'),
            -- (The linter takes a lambda's argument for a column: hence the noqa.)
            lambda piece: case
                when regexp_full_match(piece, '(\p{L}[./])+\p{L}?[.,]?') -- noqa: RF03
                    then regexp_replace(piece, '[./,]', '', 'g') -- noqa: RF03
                else piece -- noqa: RF03
            end
        ) as pieces
    from unbracketed
),

split as (
    select
        undotted.text,
        string_split(
            trim(
                regexp_replace(
                    array_to_string(undotted.pieces, ' '),
                    '[^\p{L}\p{M}\p{N}㈱㈲㈜]+',
                    ' ',
                    'g'
                )
            ),
            ' '
        ) as words,
        undotted.pieces[1] as head
    from undotted
)

select
    split.text,
    split.words,
    split.head,
    array_to_string(split.words, ' ') as joined
from split
