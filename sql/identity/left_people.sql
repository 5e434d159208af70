-- One row per person known from nothing but cards that left with a directory of other people: no
-- meeting, no decision and no task of ours names them, so that they are listed nowhere.
-- key: person_id
-- person_id: whom
with named as (
    select person_id as record_id
    from staging.decisions
    union
    select other_id as record_id
    from staging.decisions
    union
    select person_id as record_id
    from raw.task_links
)

select record_persons.person_id
from identity.record_persons
left join staging.cards on record_persons.record_id = cards.record_id
left join raw.collections
    on
        cards.source = collections.source
        and cards.collection = collections.collection
left join named on record_persons.record_id = named.record_id
group by record_persons.person_id
having
    bool_and(coalesce(cards.is_gone and collections.is_directory, false))
    and count(named.record_id) = 0
