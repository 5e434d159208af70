-- Which cards of an import join people the book has, and why.
-- $1: sources of the import, $2: records of the cards that imports had brought before
-- on: book, state
select
    people.display_name,
    contacts.full_name,
    any_value(contact_details.why) as why
from state.raw.contacts
inner join main.records on contacts.record_id = records.record_id
inner join main.people on records.person_id = people.person_id
inner join main.contact_details on contacts.record_id = contact_details.record_id
where
    contacts.source in (select unnest($1::varchar[]))
    and contacts.gone_at is null
    and contacts.record_id not in (select unnest($2::bigint[]))
    and exists (
        select 1
        from main.records as others
        where
            others.person_id = records.person_id
            and others.record_id not in (
                select brought.record_id from state.raw.contacts as brought
                where brought.source in (select unnest($1::varchar[]))
            )
    )
group by people.display_name, contacts.full_name, contacts.record_id
order by people.display_name, contacts.record_id
