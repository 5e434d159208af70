-- One row per pair of records that may be one human: why, and how sure.
-- record_a: the lesser record_id
-- record_b: the greater record_id
-- reason: what speaks for it, in words
-- confidence: 0 to 1; from settings.merge_threshold on they join, from queue_threshold on they wait
with comparisons as (
    select * from identity.comparisons
),

points as (
    select * from identity.points
),

personal_points as (
    select * from identity.personal_points
),

shared_points as (
    select
        one.record_id as record_a,
        other.record_id as record_b,
        bool_or(personal_points.kind = 'email' and personal_points.is_personal) as has_email,
        bool_or(personal_points.kind = 'phone' and personal_points.is_personal) as has_phone
    from points as one
    inner join points as other
        on one.point_id = other.point_id and one.record_id < other.record_id
    inner join personal_points on one.point_id = personal_points.point_id
    where personal_points.n_records <= 60
    group by one.record_id, other.record_id
),

weighed as (
    select
        comparisons.*,
        coalesce(shared_points.has_email, false) as has_email,
        coalesce(shared_points.has_phone, false) as has_phone
    from comparisons
    left join shared_points
        on comparisons.record_a = shared_points.record_a
        and comparisons.record_b = shared_points.record_b
),

scored as (
    select
        weighed.*,
        case
            when name_relation = 'different' or is_other_birthday or generation_differs then 0.0
            when has_email then case
                when name_relation = 'family_changed' then 0.8 else 0.98 end
            when has_phone then case
                when name_relation = 'family_changed' then 0.6
                when name_relation in ('unknown', 'part') then 0.8 else 0.97 end
            when name_relation in ('same', 'spelling', 'nickname')
                then case
                    when is_same_birthday then 0.97
                    when employer_relation in ('same', 'alike') then 0.95
                    when is_same_city then 0.92
                    else 0.6
                end
            else 0.3
        end as confidence
    from weighed
),

final as (
    select
        scored.record_a,
        scored.record_b,
        concat_ws(
            ', ',
            case when scored.has_email then 'same e-mail' end,
            case when scored.has_phone then 'same phone' end,
            case scored.name_relation
                when 'same' then 'same name'
                when 'nickname' then 'nickname'
                when 'spelling' then 'same name spelled otherwise'
                when 'typo' then 'nearly the same name'
                when 'initial' then 'initial'
                when 'part' then 'part of the name'
                when 'family_changed' then 'another family name'
                when 'different' then 'another name'
            end,
            case when scored.employer_relation in ('same', 'alike') then 'same organization' end,
            case when scored.is_same_city then 'same city' end,
            case when scored.is_same_birthday then 'same birthday' end
        ) as reason,
        scored.confidence
    from scored
    where scored.confidence >= 0.5
)

select * from final
