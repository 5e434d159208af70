-- One row: the names, addresses and phones that a person's cards and invitations say.
-- $1: person_id
-- on: layers
with said as (
    select
        cards.record_id,
        'name' as field,
        unnest(list_append(cards.nicknames, cards.full_name)) as value
    from staging.cards
    union all
    select
        invited_addresses.record_id,
        'name' as field,
        unnest(invited_addresses.names) as value
    from staging.invited_addresses
    union all
    select
        card_emails.record_id,
        'email' as field,
        card_emails.email as value
    from staging.card_emails
    union all
    select
        card_phones.record_id,
        'phone' as field,
        card_phones.phone as value
    from staging.card_phones
)

select
    coalesce(list(distinct said.value) filter (where said.field = 'name'), []) as names,
    coalesce(list(distinct lower(said.value)) filter (where said.field = 'email'), []) as emails,
    coalesce(list(distinct said.value) filter (where said.field = 'phone'), []) as phones
from said
inner join identity.record_persons using (record_id)
where record_persons.person_id = $1
