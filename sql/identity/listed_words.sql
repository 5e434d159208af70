-- One row per word of a list that names are looked through for, in the form of identity.spellings.
-- It reads raw.words alone.
-- key: list, language, value, word
-- list: which list; nicknames count as given names
-- language: whose word it is, empty where it belongs to none
-- value: what the list says of it
-- word: as the list has it
-- is_initials: they are single letters, as in S. A.
with spelled as (
    select words.*
    from raw.words
    where
        words.list not in (
            'ambiguous_first_names', 'role_addresses', 'service_domains', 'nicknames',
            'given_spellings', 'common_families', 'mail_providers', 'family_circles', 'title_words',
            'name_cases', 'given_genders'
        )
    union all by name
    select
        'common_families' as list,
        '' as language,
        common_families.word,
        common_families.word as spelling
    from raw.listed('common_families') as common_families
    union all by name
    select distinct
        'given_names' as list,
        '' as language,
        nicknames.word,
        nicknames.word as spelling
    from raw.listed('nicknames') as nicknames
    where length(nicknames.word) > 3
)

select
    spelled.*,
    length(string_split(spelled.spelling, ' ')) as n_words,
    regexp_full_match(spelled.spelling, '\p{L}( \p{L})*') as is_initials
from spelled
