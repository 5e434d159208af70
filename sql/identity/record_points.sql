-- One row per record and contact point, addresses and phones as numbers: integers join fast.
-- key: record_id, point_id
-- point_id: positive for a phone (its last nine digits, before them the extension), negative for an
-- e-mail address
-- kind: email or phone
-- point: the address for matching, or the digits
with keys as (
    select
        addresses.match_key,
        -row_number() over (order by min(addresses.record_id), addresses.match_key) as point_id
    from identity.addresses
    group by addresses.match_key
),

-- Old books write one number with and without its country: nine digits are the same in both.
-- Behind one switchboard each extension is a point of its own.
digits as (
    select
        card_phones.record_id,
        right(
            coalesce(phone_keys.digits, regexp_replace(card_phones.phone, '[^0-9]', '', 'g')), 9
        ) as digits,
        left(phone_keys.extension, 9) as extension
    from staging.card_phones
    cross join raw.settings
    left join raw.phone_keys
        on
            card_phones.phone = phone_keys.phone
            and phone_keys.region = coalesce(settings.phone_region, '')
)

select distinct
    addresses.record_id,
    keys.point_id,
    'email' as kind,
    addresses.match_key as point
from identity.addresses
inner join keys on addresses.match_key = keys.match_key
union all
select distinct
    digits.record_id,
    cast(
        coalesce('1' || digits.extension || lpad(digits.digits, 9, '0'), digits.digits)
        as bigint
    ) as point_id,
    'phone' as kind,
    concat_ws(' ext. ', digits.digits, digits.extension) as point
from digits
where length(digits.digits) >= 7
