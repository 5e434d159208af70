-- One row per task of ours without a link: whose it is, and what is known of it; or why it is left
-- alone. Exactly one person known by the key in its UID, or by the addresses and numbers that we
-- wrote into it and nobody changed: it is adopted as if we had never lost it.
-- Else it is listed (main.unmatched_tasks), and nothing is made for whom it may be about; what fits
-- one person by name or address is adopted on the user's word (`kithbook push --adopt`).
-- key: uid
-- person_id: the record of the person; null where nobody fits, or several do
-- is_over: it was ticked or cancelled
-- opened_at: when it opened, as far as that can be told
-- wrote_title: what we wrote there; null where that is not known, and so of the others
-- wrote_status: completed where we ticked it and somebody opened it again
-- unknown_fields: the fields of which nobody knows what we wrote: they are the user's
-- closed_at: when its cycle ended, where decisions.jsonl remembers that
-- left_alone: null where it is adopted; else elsewhere, earlier_rule, nobody or several
-- candidate_ids: everybody whom it may be about

-- Tasks of ours in the account's lists of which the state knows nothing: it was lost, or another
-- machine wrote them. Their mark holds digests of what was last written: the day it opened, title,
-- notes, due date, priority, status. In another list than ours anybody may have put one: an
-- invitation with such a UID, say.
with lost as (
    select
        tasks.*,
        raw.uid_parts(tasks.uid) as parts,
        string_split(coalesce(tasks.mark, ''), '.') as digests,
        coalesce(tasks.collection <> task_list.collection, false) as is_elsewhere
    from staging.tasks
    cross join raw.settings
    left join history.task_list using (source)
    left join raw.cursors on tasks.source = cursors.source and tasks.collection = cursors.collection
    anti join raw.task_links using (uid)
    where
        tasks.is_ours
        and not tasks.is_gone
        and tasks.source = settings.tasks_source
        and cursors.gone_at is null
    qualify row_number() over (
        partition by tasks.uid
        order by is_elsewhere asc, tasks.status = 'completed' desc, tasks.item_id desc
    ) = 1
),

addressed as (
    select
        lost.uid,
        raw.email_key(
            lower(unnest(regexp_extract_all(lost.notes, '[^\s<>()",;:]+@[^\s<>()",;:]+')))
        ) as task_key
    from lost
    union all
    select
        lost.uid,
        unnest(regexp_extract_all(lost.notes, '\+[0-9]{6,15}(?: ext[.] [0-9]+)?')) as task_key
    from lost
),

-- Signs: 1 a key that its UID was made of, 2 an address or number in the notes, 3 the whole title
-- is the name, 4 the name stands in the title.
together as (
    select
        lost.uid,
        person_keys.person_id,
        min(person_keys.record_id) as record_id,
        1 as sign
    from lost
    cross join raw.settings
    inner join identity.person_keys
        on lost.parts.key_hash = raw.key_hash(settings.owner_id, person_keys.task_key)
    group by lost.uid, person_keys.person_id
    union all
    select
        addressed.uid,
        person_keys.person_id,
        min(person_keys.record_id) as record_id,
        2 as sign
    from addressed
    inner join identity.person_keys on addressed.task_key = person_keys.task_key
    group by addressed.uid, person_keys.person_id
    union all
    select
        lost.uid,
        persons.person_id,
        persons.person_id as record_id,
        case
            when raw.plain_words(lost.title) = raw.plain_words(persons.display_name) then 3
            else 4
        end as sign
    from lost
    inner join identity.persons
        on
            contains(
                ' ' || raw.plain_words(lost.title) || ' ',
                ' ' || raw.plain_words(persons.display_name) || ' '
            )
    where raw.plain_words(persons.display_name) <> ''
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
    anti join identity.persons on together.person_id = persons.person_id and persons.is_owner
    group by together.uid, together.person_id
    qualify min(together.sign) = min(min(together.sign)) over (partition by together.uid)
),

-- Whom each may be about, by the best sign of it. A number that a family shares is that of whom the
-- title names.
signs as (
    select best.*
    from best
    qualify best.sign <> 2 or best.is_named = bool_or(best.is_named) over (partition by best.uid)
),

counted as (
    select
        signs.uid,
        count(*) as persons,
        list(signs.person_id order by signs.person_id) as candidate_ids,
        min(signs.record_id) as record_id,
        min(signs.sign) as sign
    from signs
    group by signs.uid
),

digested as (
    select
        lost.*,
        nullif(lost.parts.kind, '') as kind,
        nullif(lost.parts."cycle", '') as "cycle",
        counted.sign,
        case when counted.persons = 1 then counted.record_id end as record_id,
        counted.persons,
        counted.candidate_ids,
        lost.parts.kind = 'introduction' and decisions.decision_id is null as is_unasked,
        -- nothing of ours is known where there are no digests
        coalesce(lost.digests[2] = raw.field_digest(lost.title), false) as is_title_ours,
        coalesce(lost.digests[3] = raw.field_digest(lost.notes), false) as are_notes_ours,
        coalesce(lost.digests[4] = raw.field_digest(lost.due_date), false) as is_due_ours,
        coalesce(lost.digests[5] = raw.field_digest(lost.priority), false) as is_priority_ours,
        settings.owner_id,
        settings.as_of_date,
        settings.time_zone,
        coalesce(
            try_strptime(lost.digests[1], '%Y%m%d')::date,
            least(lost.due_date, lost.completed_date, settings.as_of_date)
        ) as opened_date
    from lost
    cross join raw.settings
    left join counted using (uid)
    left join staging.decisions on split_part(lost.parts."cycle", '.', 1) = decisions.decision_id
)

select
    digested.uid,
    digested.owner_id,
    digested.record_id as person_id,
    coalesce(
        digested.kind,
        case
            when regexp_matches(digested.notes, '(^|\n)Birthday') then 'birthday'
            else 'check_in'
        end
    ) as kind,
    coalesce(
        digested."cycle",
        case
            when regexp_matches(digested.notes, '(^|\n)Birthday')
                then year(coalesce(digested.due_date, digested.as_of_date))::varchar
            else digested.opened_date::varchar
        end
    ) as "cycle",
    digested.source,
    digested.collection,
    digested.href,
    digested.etag,
    digested.title,
    digested.due_date,
    digested.status in ('completed', 'cancelled') as is_over,
    digested.opened_date::timestamp at time zone digested.time_zone as opened_at,
    case when digested.is_title_ours then digested.title end as wrote_title,
    case when digested.are_notes_ours then digested.notes end as wrote_notes,
    case when digested.is_due_ours then digested.due_date end as wrote_due_date,
    case when digested.is_priority_ours then digested.priority end as wrote_priority,
    case
        when not is_over and digested.digests[6] = raw.field_digest('completed') then 'completed'
        else 'needs-action'
    end as wrote_status,
    list_distinct(  -- which drops the nulls
        [
            case when not digested.is_title_ours then 'title' end,
            -- whom to introduce to is not known any more: what stands there is not ours to change
            case when not digested.are_notes_ours or digested.is_unasked then 'notes' end,
            case when not digested.is_due_ours then 'due_date' end,
            case when not digested.is_priority_ours then 'priority' end
        ]
    ) as unknown_fields,
    remembered_tasks.closed_date::timestamp at time zone digested.time_zone as closed_at,
    -- what was given up and taken back once is wanted there
    replace(remembered_tasks.close_reason, 'reopened', 'dismissed') as close_reason,
    remembered_tasks.heard,
    remembered_tasks.heard_at,
    case
        when digested.is_elsewhere then 'elsewhere'
        when digested.sign = 1 and digested.persons = 1 then null
        when
            digested.sign = 2
            and digested.persons = 1
            and digested.kind is not null
            and digested.are_notes_ours
            then null
        when digested.sign = 1 then 'several'
        when digested.kind is null then 'earlier_rule'
        when digested.sign = 2 and digested.persons > 1 then 'several'
        else 'nobody'
    end as left_alone,
    coalesce(digested.candidate_ids, []) as candidate_ids
from digested
left join staging.remembered_tasks on digested.uid = remembered_tasks.uid
