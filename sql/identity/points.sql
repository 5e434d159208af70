-- One row per entry and contact point of any of its copies.
-- key: record_id, point_id
-- point_id: positive for a phone (its last nine digits, before them the extension), negative for an
-- e-mail address
select distinct
    record_entries.entry_id as record_id,
    record_points.* exclude (record_points.record_id)
from identity.record_points
inner join identity.record_entries on record_points.record_id = record_entries.record_id
