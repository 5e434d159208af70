-- One row per pair of records to join, by confidence or because the user said so; refused ones left out.
-- record_a: the lesser record_id
-- record_b: the greater record_id
-- reason: why
-- confidence: how sure; 1 where the user said so
-- is_decided: the user said so
with links as (
    select * from identity.links
),

decided as (
    select * from identity.decided_pairs
),

settings as (
    select * from raw.settings
),

final as (
    select
        links.record_a,
        links.record_b,
        links.reason,
        links.confidence,
        false as is_decided
    from links
    inner join settings on links.confidence >= settings.merge_threshold
    anti join decided
        on links.record_a = decided.record_a and links.record_b = decided.record_b
    union all
    select
        decided.record_a,
        decided.record_b,
        'you said so' as reason,
        1.0::double as confidence,
        true as is_decided
    from decided
    where decided.verb = 'merge'
)

select * from final
