-- One row: what waits for the user.
-- on: book
select
    (select count(*) from main.merge_candidates) as pairs,
    (
        select count(*) from main.people
        where is_deceased_hint
    ) as deceased,
    (
        select count(*) from main.rejects
        where not is_warning
    ) as rejects
