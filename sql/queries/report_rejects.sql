-- What could not be read and what needs a look: a row.
-- on: book
select
    (
        select count(*) from main.rejects
        where not rejects.is_warning
    ) as rejects,
    (
        select count(*) from main.rejects
        where rejects.is_warning
    ) as warnings,
    (select count(*) from main.problems) as problems
