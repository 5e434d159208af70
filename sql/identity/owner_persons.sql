-- One row per owner and person that is the owner.
-- key: owner_id, person_id
-- owner_id: the owner
-- person_id: the person
with owner_records as (
    select * from identity.owner_records
),

record_persons as (
    select * from identity.record_persons
),

final as (
    select distinct
        owner_records.owner_id,
        record_persons.person_id
    from owner_records
    inner join record_persons on owner_records.record_id = record_persons.record_id
)

select * from final
