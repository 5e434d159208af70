-- The cards and addresses that one person is known from, each with what it says.
-- $1: person_id
-- on: book
select
    records.record_id,
    records.record_keys,
    any_value(contact_details.source) as source,
    any_value(contact_details.why) as why,
    list(
        contact_details.value
        order by
            list_position(['name', 'email', 'phone', 'organization'], contact_details.field),
            contact_details.value
    ) filter (where contact_details.field in ('name', 'email', 'phone', 'organization')) as said
from main.records
left join main.contact_details on records.record_id = contact_details.record_id
where records.person_id = $1
group by all
order by
    any_value(records.kind) = 'address',
    any_value(records.source),
    any_value(records.collection),
    records.record_id
