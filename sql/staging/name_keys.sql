-- One row per name as written, with the words it is compared by (pipeline/normalise.py).
-- key: name
-- name: the text
-- name_key: its words in lower-case Latin letters, titles dropped, given name first
-- given_key: the given names among them
-- family_key: the family name among them
-- spoken: the name as one says it: given name first, no degrees, emoji or brackets
select
    name_keys.name,
    max(name_keys.name_key) as name_key,
    max(name_keys.given_key) as given_key,
    max(name_keys.family_key) as family_key,
    max(name_keys.spoken) as spoken
from raw.name_keys
group by name_keys.name
