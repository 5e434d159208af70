-- One row per record that is joined to another: what it would be part of if nothing were refused.
-- key: record_id
-- component_id: the least record_id that it can be reached from
with joined as ( -- noqa: ST03
    select
        links.record_a as one,
        links.record_b as other
    from identity.links
    where links.is_joined
)

select
    reached.id as record_id,
    reached.least_id as component_id
from raw.least_reached('joined') as reached
