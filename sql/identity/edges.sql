-- One row per pair of records to join: sure enough, and not refused by the user.
-- key: record_a, record_b
-- record_a: the lesser record_id
-- record_b: the greater record_id
-- confidence: how sure, 0 to 1
select
    links.record_a,
    links.record_b,
    links.confidence
from identity.links
inner join raw.settings on links.confidence >= settings.merge_threshold
anti join identity.refusals using (record_a, record_b)
