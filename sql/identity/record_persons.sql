-- One row per record of a human or an organization: which person it belongs to.
-- record_id: the card, or the attendee's address; tombstones included
-- person_id: the least record_id of the person
with cards as (
    select * from staging.cards
),

attendees as (
    select * from staging.attendees
),

components as (
    select * from identity.components
),

records as (
    select cards.record_id from cards
    union
    select attendees.record_id from attendees
),

final as (
    select
        records.record_id,
        coalesce(components.component_id, records.record_id) as person_id
    from records
    left join components on records.record_id = components.record_id
)

select * from final
