-- One row per record: the number once given to a card or to an e-mail address, and when.
-- key: record_id
-- record_id: the number
-- kind: card or email
-- given_at: when it was first seen
with record_ids as (
    select * from raw.record_ids
),

final as (
    select
        record_ids.record_id,
        min(record_ids.kind) as kind,
        min(record_ids.given_at) as given_at
    from record_ids
    group by record_ids.record_id
)

select * from final
