-- One row per task of ours without a link and person that it may be about, by the best sign of it.
-- key: uid, person_id
-- uid: the task
-- person_id: whom it may be about
-- record_id: the record by which they are found
-- sign: 1 a key that its UID was made of, 2 an address or number in the notes, 3 the whole title is
-- the name, 4 the name stands in the title
with by_key as (
    select
        unlinked_tasks.uid,
        person_keys.person_id,
        min(person_keys.record_id) as record_id,
        1 as sign
    from history.unlinked_tasks
    cross join raw.settings
    inner join identity.person_keys
        on
            unlinked_tasks.key_hash
            = raw.key_hash(settings.owner_id, person_keys.task_key)
    group by unlinked_tasks.uid, person_keys.person_id
),

addressed as (
    select
        unlinked_tasks.uid,
        raw.email_key(
            lower(
                unnest(
                    regexp_extract_all(unlinked_tasks.notes, '[^\s<>()",;:]+@[^\s<>()",;:]+')
                )
            )
        ) as task_key
    from history.unlinked_tasks
    union all
    select
        unlinked_tasks.uid,
        unnest(
            regexp_extract_all(unlinked_tasks.notes, '\+[0-9]{6,15}(?: ext[.] [0-9]+)?')
        ) as task_key
    from history.unlinked_tasks
),

by_address as (
    select
        addressed.uid,
        person_keys.person_id,
        min(person_keys.record_id) as record_id,
        2 as sign
    from addressed
    inner join identity.person_keys on addressed.task_key = person_keys.task_key
    group by addressed.uid, person_keys.person_id
),

by_name as (
    select
        unlinked_tasks.uid,
        persons.person_id,
        persons.person_id as record_id,
        case
            when raw.plain_words(unlinked_tasks.title) = raw.plain_words(persons.display_name)
                then 3
            else 4
        end as sign
    from history.unlinked_tasks
    inner join identity.persons
        on
            contains(
                ' ' || raw.plain_words(unlinked_tasks.title) || ' ',
                ' ' || raw.plain_words(persons.display_name) || ' '
            )
    where raw.plain_words(persons.display_name) <> ''
),

together as (
    select * from by_key
    union all
    select * from by_address
    union all
    select * from by_name
),

-- Of the signs the best alone: an address tells more than a name.
best as (
    select
        together.uid,
        together.person_id,
        arg_min(together.record_id, together.sign) as record_id,
        min(together.sign) as sign,
        bool_or(together.sign > 2) as is_named
    from together
    anti join identity.persons
        on together.person_id = persons.person_id and persons.is_owner
    group by together.uid, together.person_id
    qualify min(together.sign) = min(min(together.sign)) over (partition by together.uid)
)

-- A number that a family shares is that of whom the title names.
select
    best.uid,
    best.person_id,
    best.record_id,
    best.sign
from best
qualify best.sign <> 2 or best.is_named = bool_or(best.is_named) over (partition by best.uid)
