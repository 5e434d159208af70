-- The names on the cards of an older import that do not go on.
-- $1: its source
-- on: state
select coalesce(contacts.full_name, contacts.organization, compared.name) as full_name
from temp.compared
left join raw.contacts on compared.item_id = contacts.item_id
where compared.source = $1 and compared.kind = 'contact' and not compared.goes_on
order by full_name
