-- One row per person and key that a task of theirs is known by, tombstones and merged records too.
-- A task's UID is made of the first of them by which nobody else is known (DESIGN 13): none of them
-- depends on this machine, so that another one, or this one after a loss, finds the task again.
-- key: person_id, task_key
-- task_key: an address for matching, a card's UID, a number as +351…, or the words of the name
-- record_id: the least record that holds it: after a split the task stays with that one
-- choice_order: 1 a personal address, 2 a UID, 3 a number, 4 the name, 5 another address
-- is_alone: nobody else is known by it
with held as (
    select
        record_points.record_id,
        record_points.point as task_key,
        case when classified_points.is_personal then 1 else 5 end as choice_order
    from identity.record_points
    inner join identity.classified_points on record_points.point_id = classified_points.point_id
    where record_points.kind = 'email'
    union all
    select
        cards.record_id,
        regexp_replace(cards.uid, '^urn:uuid:', '', 'i') as task_key,
        2 as choice_order
    from staging.cards
    where cards.uid <> ''
    union all
    select
        card_phones.record_id,
        concat_ws(' ext. ', phone_keys.e164, phone_keys.extension) as task_key,
        3 as choice_order
    from staging.card_phones
    cross join raw.settings
    inner join raw.phone_keys
        on
            card_phones.phone = phone_keys.phone
            and phone_keys.region = coalesce(settings.phone_region, '')
    where phone_keys.e164 is not null
    union all
    select
        names.record_id,
        array_to_string(names.words, ' ') as task_key,
        4 as choice_order
    from identity.names
    where names.n_words > 0
)

select
    record_persons.person_id,
    held.task_key,
    min(held.record_id) as record_id,
    min(held.choice_order) as choice_order,
    count(*) over (partition by held.task_key) = 1 as is_alone
from held
inner join identity.record_persons on held.record_id = record_persons.record_id
group by record_persons.person_id, held.task_key
