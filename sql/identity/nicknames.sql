-- One row per nickname and name that it stands for, as name words; Sam is Samuel and Samantha.
-- key: nickname, formal
-- nickname: the short form
-- formal: a full form of it
select distinct
    word as nickname,
    value as formal
from raw.words
where list = 'nicknames'
