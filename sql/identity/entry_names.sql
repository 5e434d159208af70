-- One row per entry that names somebody: the fullest name of its copies, the newest of equal ones.
-- key: record_id
-- record_id: the entry
-- name: the text the words come from
-- origin: shown (the card's full name), parts (given and family), invited (a meeting's), address
-- words: lower-case Latin words, given name first, generation left out
-- generation: jr, sr, ii, iii, iv where the name says so
-- first_word: the first of the words
-- last_word: the last of the words, null if there is only one
-- n_words: how many words
select
    entries.entry_id as record_id,
    names.name,
    names.origin,
    names.words,
    names.generation,
    names.first_word,
    names.last_word,
    names.n_words
from identity.names
inner join identity.entries on names.record_id = entries.record_id
qualify row_number() over (
    partition by entries.entry_id
    order by
        case
            when names.n_words = 1 then 2
            when least(length(names.first_word), length(names.last_word)) = 1 then 1
            else 0
        end asc,
        names.origin = 'address' asc,
        entries.place asc
) = 1
