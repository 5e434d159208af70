-- What was imported, when, and how much of it is current, in the order in which it came.
-- on: book
select
    imports.name,
    imports.file,
    imports.imported_date,
    imports.cards,
    imports.events,
    imports.current_cards,
    imports.current_events,
    imports.is_finished,
    imports.has_replaced,
    settings.as_of_date
from main.imports
cross join main.settings
order by imports.imported_at, imports.name
