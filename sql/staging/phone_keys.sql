-- One row per phone number as written and region, with its E.164 form (pipeline/normalise.py).
-- key: phone, region
-- phone: the text
-- region: where numbers without a country code were taken to be
-- e164: the number as +351…, null where the text is none
-- digits: the digits of the number alone, without what is dialled before or after it
-- extension: the extension behind it
select
    phone_keys.phone,
    phone_keys.region,
    max(phone_keys.e164) as e164,
    max(phone_keys.digits) as digits,
    max(phone_keys.extension) as extension
from raw.phone_keys
group by phone_keys.phone, phone_keys.region
