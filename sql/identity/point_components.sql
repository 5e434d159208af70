-- One row per record: the records it shares personal points with, before names are looked at.
-- key: record_id
-- record_id: the record
-- component_id: the least record_id that it can be reached from
with joined as ( -- noqa: ST03
    select
        point_links.record_a as one,
        point_links.record_b as other
    from identity.point_links
    inner join raw.settings on point_links.confidence >= settings.merge_threshold
)

select
    entry_facts.record_id,
    coalesce(reached.least_id, entry_facts.record_id) as component_id
from identity.entry_facts
left join raw.least_reached('joined') as reached on entry_facts.record_id = reached.id
