-- One row per record whose name is a human's, and not that of an office at its address.
-- key: record_id
-- record_id: the card, or the attendee's address
with name_words as (
    select
        names.record_id,
        names.first_word,
        unnest(names.words) as word
    from identity.names
    where names.origin <> 'address'
),

-- Names that people are called by: Ola is one, though ola@… is how an office says hello.
judged as (
    select
        record_kinds.record_id,
        record_kinds.kind = 'person' as is_human,
        record_kinds.kind = 'person' and record_kinds.grounds in ('given_name', 'parts') as is_plain
    from identity.record_kinds
),

-- "Granite Accounts", "Ana from Granite", a bare "Support" and "Granite" at granite.example name
-- an office; "Ana Lima" at office@lima.example names a human, and so does "Svenja Albers" at
-- info@svenja-albers.example.
office_names as (
    select name_words.record_id
    from name_words
    inner join raw.listed('role_addresses') as role_addresses
        on name_words.word = role_addresses.word
    left join judged using (record_id)
    where not (coalesce(judged.is_plain, false) and name_words.word = name_words.first_word)
    union
    select name_words.record_id
    from name_words
    where name_words.word = 'from'
    union
    select names.record_id
    from identity.names
    inner join identity.addresses on names.record_id = addresses.record_id
    inner join identity.domains using (domain)
    left join judged on names.record_id = judged.record_id
    where
        length(names.first_word) > 3
        and starts_with(domains.employer, names.first_word)
        and not coalesce(judged.is_plain, false)
)

select names.record_id
from identity.names
left join judged using (record_id)
anti join office_names using (record_id)
where
    names.origin <> 'address'
    and (
        names.n_words between 2 and 5
        -- "Svenja" alone at svenja-albers.example
        or (
            names.n_words = 1
            and judged.is_plain
            and exists (
                select 1
                from identity.addresses
                where
                    addresses.record_id = names.record_id
                    and starts_with(addresses.domain, names.first_word)
            )
        )
    )
