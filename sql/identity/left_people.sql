-- One row per person known from nothing but cards that left with a directory of other people: no
-- meeting, no decision and no task of ours names them, so that they are listed nowhere.
-- key: person_id
with gone_cards as (
    select cards.record_id
    from staging.cards
    inner join raw.collections using (source, collection)
    where cards.is_gone and collections.is_directory
),

mentioned as (
    select person_id as record_id
    from staging.decisions
    union
    select other_id as record_id
    from staging.decisions
    union
    select person_id as record_id
    from raw.task_links
),

-- Hardly anybody has such a card: nobody else is looked at.
holders as (
    select record_persons.person_id
    from identity.record_persons
    inner join gone_cards using (record_id)
)

select record_persons.person_id
from identity.record_persons
semi join holders using (person_id)
left join gone_cards using (record_id)
left join mentioned using (record_id)
group by record_persons.person_id
having
    count(gone_cards.record_id) = count(record_persons.record_id)
    and count(mentioned.record_id) = 0
