-- From where somebody is known: what each of their cards says, and in which collection it stands.
-- $1: person_id
-- on: book
select
    contact_details.*,
    freshness.collection_name
from main.contact_details
left join main.freshness using (source, collection)
where contact_details.person_id = $1
order by
    contact_details.record_id,
    list_position(
        ['name', 'email', 'phone', 'organization', 'title'], contact_details.field
    ) nulls last,
    contact_details.field,
    contact_details.value
