-- One row per entry that is an office or a machine: each of its copies is one.
-- key: record_id
-- record_id: the entry
-- kind: role, no_reply, list or service
select
    entries.entry_id as record_id,
    min(offices.kind) as kind
from identity.entries
left join identity.offices on entries.record_id = offices.record_id
group by entries.entry_id
having bool_and(offices.record_id is not null)
