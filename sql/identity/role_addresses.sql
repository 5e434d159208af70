-- One row per first part of an address that belongs to an office or a machine and not to a human.
-- key: local_part
-- local_part: what stands before the @, dots, dashes and digits left out
-- kind: role (an office behind which people change), no_reply (a machine) or list
select
    word as local_part,
    min(value) as kind
from raw.words
where list = 'role_addresses'
group by word
