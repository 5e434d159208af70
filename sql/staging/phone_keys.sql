-- One row per phone number as written and region, with its E.164 form (pipeline/normalise.py).
-- key: phone, region
-- phone: the text
-- region: where numbers without a country code were taken to be
-- e164: the number as +351…, null where the text is none
with phone_keys as (
    select * from raw.phone_keys
),

final as (
    select
        phone_keys.phone,
        phone_keys.region,
        max(phone_keys.e164) as e164
    from phone_keys
    group by phone_keys.phone, phone_keys.region
)

select * from final
