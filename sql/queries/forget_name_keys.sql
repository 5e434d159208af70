-- Delete the keys of names however they were spelt, "Brandt, Hanna" too. The build gives a
-- namesake's keys again.
-- $1: names
-- on: state
delete from raw.name_keys
where
    name_key in (
        select name_key
        from raw.name_keys
        where "name" in (select unnest($1::varchar[]))
    )
