-- One row per entry that is an office or a machine: each of its copies is one.
-- key: record_id
-- record_id: the entry
-- kind: role, no_reply, list or service
select
    entries.entry_id as record_id,
    min(impersonal_records.kind) as kind
from identity.entries
left join identity.impersonal_records on entries.record_id = impersonal_records.record_id
group by entries.entry_id
having bool_and(impersonal_records.record_id is not null)
