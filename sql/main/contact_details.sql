-- One row per card or invited address and thing that it says of a person, with why it is theirs.
-- key: record_id, field, value
-- person_id: the person
-- record_id: the card, or the attendee's address
-- source: where it stands; meetings for an address known from invitations
-- collection: the address book in that source
-- field: name, nickname, email, phone, organization, department, title, role, city, birthday, note,
-- category, or related: somebody whom the card names
-- value: what it says
-- label: home, work, spouse, … where the card has one
-- is_gone: the source no longer has this card
-- why: why this card belongs to the person
with on_cards as (
    select
        cards.record_id,
        unnest(
            list_concat(
                [
                    { 'field': 'name', 'value': cards.full_name, 'label': null::varchar },
                    { 'field': 'organization', 'value': cards.organization, 'label': null },
                    { 'field': 'department', 'value': cards.department, 'label': null },
                    { 'field': 'title', 'value': cards.title, 'label': null },
                    { 'field': 'role', 'value': cards."role", 'label': null },
                    { 'field': 'city', 'value': cards.city, 'label': null },
                    {
                        'field': 'birthday',
                        'value': case
                            when cards.birthday.month is not null
                                then concat_ws(
                                    '-',
                                    lpad(cards.birthday.year::varchar, 4, '0'),
                                    lpad(cards.birthday.month::varchar, 2, '0'),
                                    lpad(cards.birthday.day::varchar, 2, '0')
                                )
                        end,
                        'label': null
                    },
                    { 'field': 'note', 'value': cards.note, 'label': null }
                ],
                list_transform(
                    cards.nicknames,
                    lambda said: { 'field': 'nickname', 'value': said, 'label': null } -- noqa: RF03
                ),
                list_transform(
                    list_distinct(cards.categories),
                    lambda said: { 'field': 'category', 'value': said, 'label': null } -- noqa: RF03
                ),
                list_transform(
                    cards.further,
                    lambda said: { 'field': said.field, 'value': said.said, 'label': said.label }
                )
            )
        ) as said
    from staging.cards
),

said as (
    select
        on_cards.record_id,
        on_cards.said.field,
        on_cards.said.value,
        on_cards.said.label
    from on_cards
    union all by name
    select
        card_emails.record_id,
        'email' as field,
        card_emails.email as value,
        card_emails.label
    from staging.card_emails
    union all by name
    select
        card_phones.record_id,
        'phone' as field,
        card_phones.phone as value,
        card_phones.label
    from staging.card_phones
    union all by name
    select
        invited_addresses.record_id,
        'name' as field,
        unnest(invited_addresses.names) as value
    from staging.invited_addresses
    union all by name
    select
        invited_addresses.record_id,
        'email' as field,
        invited_addresses.email as value
    from staging.invited_addresses
),

-- One row a record, so that what it says is joined but once.
owned as (
    select
        record_persons.person_id,
        record_persons.record_id,
        coalesce(record_persons.source, 'meetings') as source,
        record_persons.collection,
        record_persons.is_gone,
        record_persons.reason as why
    from identity.record_persons
    inner join identity.persons on record_persons.person_id = persons.person_id
    where not persons.is_resting
)

select
    owned.person_id,
    owned.record_id,
    owned.source,
    owned.collection,
    said.field,
    said.value,
    said.label,
    owned.is_gone,
    owned.why
from said
inner join owned on said.record_id = owned.record_id
where said.value is not null
qualify row_number() over (
    partition by owned.record_id, said.field, said.value
    order by said.label nulls last
) = 1
