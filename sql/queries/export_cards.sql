-- The cards that count, those of a person in a row: all that the state has of each.
-- $1: how the sources begin whose place another took
-- on: book, state
select
    records.person_id,
    records.display_name,
    contacts.*
from main.records
inner join state.raw.contacts on records.record_id = contacts.record_id
where contacts.gone_at is null and contacts.kind <> 'group' and not starts_with(contacts.source, $1)
order by records.person_id, contacts.record_id
