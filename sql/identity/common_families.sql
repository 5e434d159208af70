-- One row per family name borne by very many: the same full name says little there.
-- key: word
-- word: the name word
select distinct word
from raw.words
where list = 'common_families'
