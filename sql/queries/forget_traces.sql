-- One row: by what a person is found in the state: their records and the keys of these, the names,
-- addresses and phones that their cards and invitations say, and the items whose title alone names
-- them: meetings without guests are theirs too.
-- $1: person_id
-- on: layers
with theirs as (
    select
        record_id,
        record_keys
    from identity.record_persons
    where person_id = $1
),

said as (
    select
        unnest(list_append(cards.nicknames, cards.full_name)) as name,
        null as email,
        null as phone
    from staging.cards
    semi join theirs using (record_id)
    union all by name
    select unnest(invited_addresses.names) as name
    from staging.invited_addresses
    semi join theirs using (record_id)
    union all by name
    select lower(card_emails.email) as email
    from staging.card_emails
    semi join theirs using (record_id)
    union all by name
    select card_phones.phone
    from staging.card_phones
    semi join theirs using (record_id)
)

select
    (select coalesce(list(theirs.record_id), []) from theirs) as records,
    (select coalesce(flatten(list(theirs.record_keys)), []) from theirs) as keys,
    coalesce(list(distinct said.name) filter (where said.name is not null), []) as names,
    coalesce(list(distinct said.email) filter (where said.email is not null), []) as emails,
    coalesce(list(distinct said.phone) filter (where said.phone is not null), []) as phones,
    (
        select coalesce(list(distinct meetings.item_id), [])
        from history.interactions
        inner join staging.meetings using (meeting_id)
        where interactions.person_id = $1 and interactions.kind = 'title'
    ) as titled_items
from said
