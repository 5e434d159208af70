-- An import that was interrupted, or of which a part could not be read.
select
    'not all of it is in' as problem,
    imports.name as place,
    'kithbook import FILE (the same file brings the rest), or kithbook import --undo '
    || imports.name as hint
from main.imports
where not imports.is_finished
