-- One row per record: the number once given to a card or to an e-mail address, and when.
-- key: record_id
-- record_id: the number
-- kind: card or email
-- given_at: when it was first seen
-- record_keys: what decisions.jsonl calls it
select
    record_ids.record_id,
    min(record_ids.kind) as kind,
    min(record_ids.given_at) as given_at,
    list(
        case record_ids.kind
            when 'email' then 'email ' || record_ids."key"
            else
                'card ' || record_ids.source || ' ' || record_ids.collection || ' '
                || record_ids."key"
        end
        order by record_ids.kind, record_ids.source, record_ids.collection, record_ids."key"
    ) as record_keys
from raw.record_ids
group by record_ids.record_id
