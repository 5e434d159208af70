-- One row per change to the task list: the whole plan of `kithbook push`, which does nothing else.
-- Three-way: what we want, what stands there, and what we last wrote. What the user changed stays.
-- key: uid, href
-- uid: the task's UID
-- owner_id: the owner
-- person_id: the person
-- kind: check_in, first_follow_up, birthday, reconnect or introduction
-- cycle: what fixes this round of it
-- action: create, update, tick, withdraw, or close (nothing to write outside: the cycle is over)
-- reason: why; where the cycle ends with it, how it ends; twin (a second copy of a task goes),
-- shared (another machine that has it learns that we look after it too), cleared (what was
-- withdrawn and left standing for that machine goes)
-- collection: the list that it stands in; null for a new one
-- href: the task's address; null for a new one
-- etag: its version as we know it; null for a new one
-- title: what it is to say
-- notes: what they are to say
-- due_date: the day it is to be due
-- priority: 1 to 9, or null
-- status: what it is to be; of a withdrawal cancelled where it is left standing for a while
-- form: task or event
-- theirs: the fields that the user changed: they stay, and what we wrote there stays on record
-- record_id: the record by whose key a new one is named; null for others
-- mark: digests of what we write, that go along with it; empty where the task is deleted
with openings as (
    select
        uid,
        record_id
    from judgement.task_openings
    where opens_now
),

wanted as (
    select
        follow_ups.*,
        settings.tasks_detail,
        settings.tasks_title,
        case
            when
                settings.tasks_detail = 'full'
                and (follow_ups.is_same_account or follow_ups.kind = 'introduction')
                -- the learned rhythm moves a little with every contact: not worth a write
                then regexp_replace(follow_ups.reason, ' (Usually a|A)bout every [^.]+[.]', '')
            when follow_ups.kind = 'birthday' then 'Birthday'
            when follow_ups.kind = 'introduction' then follow_ups.verb
        end as first_line,
        case
            when
                settings.tasks_detail = 'ways'
                and follow_ups.is_same_account
                and not coalesce(task_list.is_shared, false)
                then follow_ups.why
        end as why_line,
        concat_ws(
            chr(10),
            nullif(follow_ups.ways, ''),
            case
                when settings.tasks_detail = 'full' and follow_ups.is_same_account
                    then nullif(follow_ups.talk_about, '')
            end
        ) as other_lines,
        case when follow_ups.importance >= 4 then 5 end as wanted_priority,
        settings.tasks_form
    from main.follow_ups
    cross join raw.settings
    left join history.task_list on settings.tasks_source = task_list.source
    where
        follow_ups.is_open
        or follow_ups.opens_now
),

-- A new one says why, and with one line of the config its title too.
opening as (
    select
        wanted.* exclude (title),
        case
            when wanted.tasks_title = 'verb' then wanted.verb || ': ' || wanted.title
            else wanted.title
        end as title,
        case
            when wanted.tasks_detail = 'none' then ''
            else concat_ws(
                chr(10),
                coalesce(wanted.why_line, wanted.first_line),
                nullif(wanted.other_lines, '')
            )
        end as wanted_notes
    from wanted
    where wanted.opens_now
),

creations as (
    select
        opening.uid,
        opening.owner_id,
        opening.person_id,
        opening.kind,
        opening."cycle",
        'create' as action,
        'due' as reason,
        null::varchar as collection,
        null::varchar as href,
        null::varchar as etag,
        opening.title,
        opening.wanted_notes as notes,
        opening.due_date,
        opening.wanted_priority as priority,
        'needs-action' as status,
        opening.tasks_form as form,
        []::varchar[] as theirs,
        openings.record_id,
        concat_ws(
            '.',
            strftime(settings.as_of_date, '%Y%m%d'),
            raw.field_digest(opening.title),
            raw.field_digest(opening.wanted_notes),
            raw.field_digest(opening.due_date),
            raw.field_digest(opening.wanted_priority),
            raw.field_digest('needs-action'),
            settings.book_id
        ) as mark
    from opening
    cross join raw.settings
    inner join openings using (uid)
),

-- Due date and priority are fixed when a follow-up opens; only a snooze moves it.
compared as (
    select
        task_outcomes.*,
        case
            when starts_with(task_outcomes.wrote_title, wanted.verb || ': ')
                then wanted.verb || ': ' || wanted.title
            else wanted.title
        end as wanted_title,
        case
            when wanted.tasks_detail = 'none' then ''
            else concat_ws(
                chr(10),
                -- why it opened stays as it was written: no night rewrites them all
                coalesce(
                    case
                        when
                            wanted.tasks_detail = 'ways'
                            and starts_with(task_outcomes.wrote_notes, wanted.verb)
                            then split_part(task_outcomes.wrote_notes, chr(10), 1)
                    end,
                    wanted.first_line
                ),
                nullif(wanted.other_lines, '')
            )
        end as wanted_notes,
        case
            when open_tasks.snooze_until > task_outcomes.wrote_due_date then open_tasks.snooze_until
            else task_outcomes.wrote_due_date
        end as wanted_due_date,
        wanted.tasks_form
    from history.task_outcomes
    inner join judgement.open_tasks on task_outcomes.uid = open_tasks.uid
    inner join wanted on task_outcomes.uid = wanted.uid
    where
        open_tasks.verdict = 'keep'
        and task_outcomes.standing = 'open'
        and task_outcomes.href is not null
        and task_outcomes.etag is not null
        -- ticked by us and opened again by the user: theirs from then on
        and coalesce(task_outcomes.wrote_status, '') <> 'completed'
),

updates as (
    select
        compared.uid,
        compared.owner_id,
        compared.person_id,
        compared.kind,
        compared."cycle",
        'update' as action,
        'changed' as reason,
        compared.collection,
        compared.href,
        compared.etag,
        case
            when compared.is_title_theirs then compared.title
            else compared.wanted_title
        end as title,
        case
            when compared.are_notes_theirs then compared.notes
            else compared.wanted_notes
        end as notes,
        case
            when compared.is_due_theirs then compared.due_date
            else compared.wanted_due_date
        end as due_date,
        compared.priority,
        compared.status,
        compared.tasks_form as form,
        list_distinct(  -- which drops the nulls
            [
                case when compared.is_title_theirs then 'title' end,
                case when compared.are_notes_theirs then 'notes' end,
                case when compared.is_due_theirs then 'due_date' end,
                case when compared.is_priority_theirs then 'priority' end
            ]
        ) as theirs,
        null::bigint as record_id,
        concat_ws(
            '.',
            strftime(compared.opened_date, '%Y%m%d'),
            case
                when compared.is_title_theirs
                    then raw.left_digest(compared.digests[2], compared.title, compared.wrote_title)
                else raw.field_digest(compared.wanted_title)
            end,
            case
                when compared.are_notes_theirs
                    then raw.left_digest(compared.digests[3], compared.notes, compared.wrote_notes)
                else raw.field_digest(compared.wanted_notes)
            end,
            case
                when compared.is_due_theirs
                    then
                        raw.left_digest(
                            compared.digests[4], compared.due_date, compared.wrote_due_date
                        )
                else raw.field_digest(compared.wanted_due_date)
            end,
            raw.left_digest(compared.digests[5], compared.priority, compared.wrote_priority),
            raw.field_digest(coalesce(compared.wrote_status, 'needs-action')),
            raw.all_books(compared.digests, settings.book_id)
        ) as mark
    from compared
    cross join raw.settings
    where
        not compared.is_title_theirs and compared.title <> compared.wanted_title
        or not compared.are_notes_theirs
        and trim(compared.notes) <> trim(compared.wanted_notes)
        or not compared.is_due_theirs
        and compared.due_date <> compared.wanted_due_date
),

-- Of a task that another machine wrote: that we look after it too, so that it tells us when it
-- withdraws it. Once, and nothing that a user sees.
shared as (
    select
        task_outcomes.uid,
        task_outcomes.owner_id,
        task_outcomes.person_id,
        task_outcomes.kind,
        task_outcomes."cycle",
        'update' as action,
        'shared' as reason,
        task_outcomes.collection,
        task_outcomes.href,
        task_outcomes.etag,
        task_outcomes.title,
        task_outcomes.notes,
        task_outcomes.due_date,
        task_outcomes.priority,
        task_outcomes.status,
        settings.tasks_form as form,
        []::varchar[] as theirs,
        null::bigint as record_id,
        concat_ws(
            '.',
            array_to_string(task_outcomes.digests[:6], '.'),
            raw.all_books(task_outcomes.digests, settings.book_id)
        ) as mark
    from history.task_outcomes
    inner join judgement.open_tasks on task_outcomes.uid = open_tasks.uid
    cross join raw.settings
    anti join updates on task_outcomes.uid = updates.uid
    where
        open_tasks.verdict = 'keep'
        and task_outcomes.is_shared
        and not list_contains(task_outcomes.digests, settings.book_id)
        and task_outcomes.standing = 'open'
        and not task_outcomes.is_touched
        and task_outcomes.href is not null
        and task_outcomes.etag is not null
),

-- Where another machine looks after a task as well, a withdrawal is left standing for a while, as
-- cancelled and with our mark: gone alone it would be a dismissal there. Not of those of whom
-- nothing is to stay, nor what ran out: there it ran out as well.
noted as (
    select
        task_outcomes.*,
        open_tasks.verdict = 'withdraw'
        and task_outcomes.is_shared
        and task_outcomes.kind in ('check_in', 'first_follow_up', 'reconnect')
        and open_tasks.reason not in ('resting', 'deceased', 'forgotten', 'expired') as is_told,
        case
            when open_tasks.reason = 'met' and not task_outcomes.are_notes_theirs
                then
                    concat_ws(
                        chr(10),
                        nullif(trim(task_outcomes.notes), ''),
                        'In touch on '
                        || strftime(last_contacts.last_contact_date, '%-d %B %Y') || '.'
                    )
            else task_outcomes.notes
        end as noted_notes,
        case when open_tasks.reason = 'met' then last_contacts.last_contact_date end as contact_date
    from history.task_outcomes
    inner join judgement.open_tasks using (uid)
    left join main.last_contacts
        on
            task_outcomes.owner_id = last_contacts.owner_id
            and task_outcomes.person_id = last_contacts.person_id
),

ended as (
    select
        noted.uid,
        noted.owner_id,
        coalesce(noted.person_id, noted.first_person_id) as person_id,
        noted.kind,
        noted."cycle",
        open_tasks.verdict as action,
        open_tasks.reason,
        noted.collection,
        noted.href,
        noted.etag,
        noted.title,
        noted.noted_notes as notes,
        noted.due_date,
        noted.priority,
        case
            when open_tasks.verdict = 'tick' then 'completed'
            when noted.is_told then 'cancelled'
            else noted.status
        end as status,
        settings.tasks_form as form,
        list_distinct(
            [
                case when noted.is_title_theirs then 'title' end,
                case when noted.are_notes_theirs then 'notes' end,
                case when noted.is_due_theirs then 'due_date' end,
                case when noted.is_priority_theirs then 'priority' end
            ]
        ) as theirs,
        null::bigint as record_id,
        -- with the day that they were in touch: to another machine that may be news
        case
            when open_tasks.verdict = 'tick' or noted.is_told
                then concat_ws(
                    '.',
                    strftime(noted.opened_date, '%Y%m%d'),
                    raw.left_digest(
                        noted.digests[2], noted.title, noted.wrote_title
                    ),
                    case
                        when noted.are_notes_theirs
                            then raw.left_digest(
                                noted.digests[3],
                                noted.notes,
                                noted.wrote_notes
                            )
                        else raw.field_digest(noted.noted_notes)
                    end,
                    raw.left_digest(
                        noted.digests[4], noted.due_date, noted.wrote_due_date
                    ),
                    raw.left_digest(
                        noted.digests[5], noted.priority, noted.wrote_priority
                    ),
                    case
                        when noted.is_told then 'withdrawn'
                        else raw.field_digest('completed')
                    end,
                    strftime(noted.contact_date, '%Y%m%d'),
                    raw.all_books(noted.digests, settings.book_id)
                )
            else ''
        end as mark
    from noted
    inner join judgement.open_tasks using (uid)
    cross join raw.settings
    where
        open_tasks.verdict in ('tick', 'withdraw')
        and noted.standing in ('open', 'as_written')
        and noted.href is not null
        and noted.etag is not null
),

closings as (
    select
        task_outcomes.uid,
        task_outcomes.owner_id,
        coalesce(task_outcomes.person_id, task_outcomes.first_person_id) as person_id,
        task_outcomes.kind,
        task_outcomes."cycle",
        'close' as action,
        coalesce(task_outcomes.close_reason, 'never_written') as reason,
        task_outcomes.collection,
        task_outcomes.href,
        task_outcomes.etag,
        coalesce(task_outcomes.title, '') as title,
        coalesce(task_outcomes.notes, '') as notes,
        coalesce(task_outcomes.due_date, settings.as_of_date) as due_date,
        task_outcomes.priority,
        coalesce(task_outcomes.status, 'cancelled') as status,
        settings.tasks_form as form,
        []::varchar[] as theirs,
        null::bigint as record_id,
        '' as mark
    from history.task_outcomes
    cross join raw.settings
    anti join openings using (uid)
    where
        not task_outcomes.is_open
        and not task_outcomes.is_closed_in_state
        and task_outcomes.standing <> 'unknown'
),

-- What was withdrawn and left standing goes after two weeks: whoever shares the list has seen it.
cleared as (
    select
        task_outcomes.uid,
        task_outcomes.owner_id,
        coalesce(task_outcomes.person_id, task_outcomes.first_person_id) as person_id,
        task_outcomes.kind,
        task_outcomes."cycle",
        'withdraw' as action,
        'cleared' as reason,
        task_outcomes.collection,
        task_outcomes.href,
        task_outcomes.etag,
        task_outcomes.title,
        task_outcomes.notes,
        task_outcomes.due_date,
        task_outcomes.priority,
        task_outcomes.status,
        settings.tasks_form as form,
        []::varchar[] as theirs,
        null::bigint as record_id,
        '' as mark
    from history.task_outcomes
    cross join raw.settings
    where
        task_outcomes.is_closed_in_state
        and task_outcomes.standing = 'cancelled'
        and task_outcomes.digests[6] = 'withdrawn'
        and task_outcomes.closed_date + 14 <= settings.as_of_date
        and task_outcomes.href is not null
        and task_outcomes.etag is not null
),

-- Of several copies that say the same one is enough.
twins as (
    select
        task_outcomes.uid,
        task_outcomes.owner_id,
        coalesce(task_outcomes.person_id, task_outcomes.first_person_id) as person_id,
        task_outcomes.kind,
        task_outcomes."cycle",
        'withdraw' as action,
        'twin' as reason,
        task_twins.collection,
        task_twins.href,
        task_twins.etag,
        task_twins.title,
        task_twins.notes,
        task_twins.due_date,
        task_twins.priority,
        'needs-action' as status,
        settings.tasks_form as form,
        []::varchar[] as theirs,
        null::bigint as record_id,
        '' as mark
    from history.task_twins
    inner join history.task_outcomes on task_twins.uid = task_outcomes.uid
    cross join raw.settings
    where
        task_twins.is_untouched
        and task_outcomes.standing <> 'unknown'
)

select * from creations
union all
select * from updates
union all
select * from shared
union all
select * from ended
union all
select * from closings
union all
select * from cleared
union all
select * from twins
