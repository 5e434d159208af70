-- The pieces of large bodies, in order.
-- $1: hashes
-- on: state
select
    body_hash,
    content
from raw.blobs
where body_hash in (select unnest($1::varchar[]))
order by body_hash, part
