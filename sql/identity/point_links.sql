-- One row per pair of records with a personal e-mail or phone in common, or one office's address.
-- key: record_a, record_b
-- has_email: a personal e-mail address in common
-- has_phone: a personal phone number in common
-- has_office: both are the same office or machine
with in_common as (
    select
        one.record_id as record_a,
        other.record_id as record_b,
        bool_or(classified_points.kind = 'email' and classified_points.is_personal) as has_email,
        bool_or(
            classified_points.kind = 'email' and classified_points.reason = 'shared'
        ) as has_shared_email,
        bool_or(classified_points.kind = 'phone' and classified_points.is_personal) as has_phone,
        count(*) filter (where classified_points.kind = 'phone') as n_phones,
        bool_or(
            classified_points.kind = 'email'
            and one_facts.is_office
            and other_facts.is_office
        ) as has_office
    from identity.points as one
    inner join identity.points as other
        on one.point_id = other.point_id and one.record_id < other.record_id
    inner join identity.classified_points on one.point_id = classified_points.point_id
    inner join identity.entry_facts as one_facts on one.record_id = one_facts.record_id
    inner join identity.entry_facts as other_facts on other.record_id = other_facts.record_id
    where classified_points.n_records <= 60
    group by one.record_id, other.record_id
),

phone_counts as (
    select
        points.record_id,
        count(*) as n_phones
    from identity.points
    where points.kind = 'phone'
    group by points.record_id
)

select
    in_common.record_a,
    in_common.record_b,
    in_common.has_email,
    in_common.has_phone,
    in_common.has_office,
    case
        when in_common.has_office then 0.98
        when comparisons.birthday_relation = 'other' or comparisons.generation_differs then 0.3
        -- of one name at a shared address: perhaps father and son
        when not in_common.has_email and not in_common.has_phone then 0.88
        when comparisons.name_relation = 'different'
            then if(comparisons.birthday_relation in ('full', 'near', 'two'), 0.8, 0.1)
        when comparisons.birthday_relation = 'part'
            then if(
                in_common.has_email
                and comparisons.name_relation in ('same', 'spelling', 'typo', 'nickname'),
                0.92,
                0.6
            )
        -- father and son at one landline; an address they seldom share
        when comparisons.is_one_junior and (not in_common.has_email or comparisons.is_one_source)
            then 0.7
        when in_common.has_email and comparisons.name_relation = 'family_changed' then 0.94
        when
            in_common.has_email
            and comparisons.name_relation in ('same', 'nickname', 'spelling', 'shorter')
            then 0.99
        when in_common.has_email then 0.97
        -- one number in common, another on both sides: perhaps the landline of father and son
        when
            one_phones.n_phones > in_common.n_phones
            and other_phones.n_phones > in_common.n_phones
            then 0.85
        when
            comparisons.name_relation in ('same', 'nickname', 'spelling', 'shorter', 'typo')
            then 0.96
        when comparisons.name_relation in ('initial', 'part', 'script', 'alike') then 0.8
        else 0.7
    end as confidence
from in_common
inner join identity.comparisons using (record_a, record_b)
left join phone_counts as one_phones on in_common.record_a = one_phones.record_id
left join phone_counts as other_phones on in_common.record_b = other_phones.record_id
where
    in_common.has_email
    or in_common.has_phone
    or in_common.has_office
    or (
        in_common.has_shared_email
        and comparisons.name_relation in ('same', 'nickname', 'spelling', 'shorter', 'typo')
    )
