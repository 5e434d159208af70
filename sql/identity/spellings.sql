-- One row per text that is a name, in the form in which names and the words of sql/words meet:
-- lower case, without accents, what is in brackets left out, "S.p.A." as one word.
-- key: text
-- text: as it is written
-- head: its first stretch without a blank, hyphens kept
-- joined: its words with a blank between them
with texts as (
    select unnest([cards.full_name, cards.name_in_parts, cards.given, cards.family]) as text
    from staging.cards
    union
    select invited_addresses.name as text from staging.invited_addresses
),

pieces as (
    select
        texts.text,
        raw.name_pieces(texts.text) as pieces
    from texts
    where texts.text is not null
),

split as (
    select
        pieces.text,
        raw.piece_words(pieces.pieces) as words,
        pieces.pieces[1] as head
    from pieces
)

select
    split.text,
    split.words,
    split.head,
    array_to_string(split.words, ' ') as joined
from split
