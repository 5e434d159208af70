-- One row: the names, addresses and phones that a person's cards and invitations say.
-- $1: person_id
-- on: layers
with said as (
    select
        record_persons.record_id,
        'name' as field,
        unnest(list_append(cards.nicknames, cards.full_name)) as value
    from staging.cards
    inner join identity.record_persons on cards.record_id = record_persons.record_id
    where record_persons.person_id = $1
    union all
    select
        record_persons.record_id,
        'name' as field,
        unnest(invited_addresses.names) as value
    from staging.invited_addresses
    inner join identity.record_persons on invited_addresses.record_id = record_persons.record_id
    where record_persons.person_id = $1
    union all
    select
        record_persons.record_id,
        'email' as field,
        card_emails.email as value
    from staging.card_emails
    inner join identity.record_persons on card_emails.record_id = record_persons.record_id
    where record_persons.person_id = $1
    union all
    select
        record_persons.record_id,
        'phone' as field,
        card_phones.phone as value
    from staging.card_phones
    inner join identity.record_persons on card_phones.record_id = record_persons.record_id
    where record_persons.person_id = $1
)

select
    coalesce(list(distinct value) filter (where field = 'name'), []) as names,
    coalesce(list(distinct lower(value)) filter (where field = 'email'), []) as emails,
    coalesce(list(distinct value) filter (where field = 'phone'), []) as phones
from said
