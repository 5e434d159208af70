-- One row per person whom the user treats as a human: their word outweighs any word in the name.
-- key: person_id
-- person_id: the person
-- said: what the user said, in words
with said as (
    select
        decisions.person_id as record_id,
        case
            when decisions.verb = 'log' then 'you logged a contact with them'
            when decisions.verb in ('every', 'snooze') then 'you gave them a cadence'
            when decisions.verb = 'introduce' then 'you introduced them'
            when decisions.verb = 'circle' then 'you put them into a circle'
            else 'you keep in touch with them'
        end as said
    from staging.decisions
    where
        decisions.verb in ('keep', 'in_touch', 'every', 'snooze', 'log', 'introduce')
        or (decisions.verb = 'circle' and decisions.value is not null)
    union all
    select
        decisions.other_id as record_id,
        'you introduced them' as said
    from staging.decisions
    where decisions.verb = 'introduce'
),

circled as (
    select
        strip_accents(lower(trim(named.text))) as text,
        'the circle ' || named.circle || ' names them' as said
    from (
        select
            circles.circle,
            unnest(circles.people) as text
        from staging.circles
    ) as named
),

called as (
    select
        cards.record_id,
        strip_accents(lower(cards.full_name)) as text
    from staging.cards
    union all
    select
        attendees.record_id,
        strip_accents(lower(attendees.name)) as text
    from staging.attendees
    union all
    select
        addresses.record_id,
        addresses.email as text
    from identity.addresses
)

select
    record_persons.person_id,
    min(all_said.said) as said
from (
    select * from said
    union all
    select
        called.record_id,
        circled.said
    from circled
    inner join called on circled.text = called.text
) as all_said
inner join identity.record_persons on all_said.record_id = record_persons.record_id
group by record_persons.person_id
