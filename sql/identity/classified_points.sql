-- One row per contact point on any record: whether it tells one human, and if not, why.
-- key: point_id
-- point_id: positive for a phone, negative for an e-mail address
-- is_personal: it identifies a human
-- reason: null if it does; role, no_reply, list, service, or shared (on records of different names,
-- or a family's by its own words)
with counted as (
    select
        points.point_id,
        points.kind,
        points.point,
        count(*) as n_records,
        regexp_replace(regexp_extract(points.point, '^([^@]+)@', 1), '[^a-z]', '', 'g') as letters,
        regexp_extract(points.point, '@(.+)$', 1) as domain
    from identity.points
    group by points.point_id, points.kind, points.point
),

differing as (
    select distinct one.point_id
    from identity.comparisons
    inner join identity.points as one on comparisons.record_a = one.record_id
    inner join identity.points as other
        on comparisons.record_b = other.record_id and one.point_id = other.point_id
    inner join identity.entry_facts as one_facts on comparisons.record_a = one_facts.record_id
    inner join identity.entry_facts as other_facts on comparisons.record_b = other_facts.record_id
    where
        comparisons.name_relation = 'different'
        -- whoever was born on one day and shares an address is one, whatever the pen wrote
        and comparisons.birthday_relation not in ('full', 'near', 'two')
        -- ana.lima@… is Ana's, though Rui wrote from there
        and not (
            one.kind = 'email'
            and greatest(length(one_facts.first_word), length(other_facts.first_word)) > 2
            and contains(split_part(one.point, '@', 1), one_facts.first_word)
            <> contains(split_part(one.point, '@', 1), other_facts.first_word)
        )
),

households as (
    select distinct addresses.match_key
    from identity.addresses
    where addresses.is_household
),

-- An office's address on one human's card alone is that human's.
impersonal as (
    select
        counted.point_id,
        role_addresses.value as kind
    from counted
    inner join raw.listed('role_addresses') as role_addresses
        on counted.letters = role_addresses.word
    left join identity.role_addresses_of_one on counted.point = role_addresses_of_one.match_key
    where
        counted.kind = 'email'
        and (role_addresses.value <> 'role' or role_addresses_of_one.match_key is null)
)

select
    counted.point_id,
    counted.kind,
    counted.point,
    counted.n_records,
    impersonal.kind is null
    and service_domains.word is null
    and differing.point_id is null
    and households.match_key is null
    and counted.n_records <= 60 as is_personal,
    case
        when impersonal.kind is not null then impersonal.kind
        when service_domains.word is not null then 'service'
        when
            differing.point_id is not null
            or households.match_key is not null
            or counted.n_records > 60
            then 'shared'
    end as reason
from counted
left join impersonal using (point_id)
left join raw.listed('service_domains') as service_domains on counted.domain = service_domains.word
left join differing using (point_id)
left join households on counted.point = households.match_key
