-- The word lists as rows of raw.words.
-- $1: sql/words.tsv
-- on: layers
insert into raw.words by name
with lines as (
    select string_split(unnest(string_split($1, chr(10))), chr(9)) as cells
),

words as (
    select
        cells[1] as list,
        cells[2] as language,
        nullif(cells[3], '') as "value",
        unnest(string_split(cells[4], '|')) as word,
        unnest(string_split(cells[5], '|')) as spelling
    from lines
)

select words.* replace (coalesce(nullif(spelling, ''), lower(word)) as spelling)
from words
