-- One row per human met in the calendar whom no card names: whom you may want to add.
-- key: owner_id, person_id
-- owner_id: whose book
-- person_id: the person
-- display_name: their name, or their address
-- emails: the addresses they were invited by
-- first_seen_at: when kithbook first saw them
with persons as (
    select * from identity.persons
),

final as (
    select
        persons.owner_id,
        persons.person_id,
        persons.display_name,
        persons.emails,
        persons.first_seen_at
    from persons
    where
        persons.kind = 'person'
        and not persons.has_card
        and not persons.is_owner
        and not persons.is_resting
)

select * from final
