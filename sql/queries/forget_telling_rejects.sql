-- Delete rejects that name somebody.
-- $1: names and addresses
-- on: state
delete from raw.rejects
using (select unnest($1::varchar[]) as text) as named
where
    contains(lower(decode(coalesce(content, ''::blob))), lower(named.text))
    or contains(lower(coalesce(href, '')), lower(named.text))
