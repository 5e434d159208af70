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
with wanted as (
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
        case when follow_ups.importance >= 4 then 5 end as wanted_priority
    from main.follow_ups
    cross join raw.settings
    left join history.task_list on settings.tasks_source = task_list.source
    where follow_ups.is_open or follow_ups.opens_now
),

-- Each task as it stands: a change writes this there unless its kind says otherwise below.
tasks as (
    select
        task_outcomes.* replace (
            coalesce(task_outcomes.person_id, task_outcomes.first_person_id) as person_id
        ),
        task_outcomes.href is not null and task_outcomes.etag is not null as may_be_written,
        open_tasks.verdict,
        open_tasks.reason as verdict_reason,
        open_tasks.snooze_until,
        list_distinct(  -- which drops the nulls
            [
                case when task_outcomes.is_title_theirs then 'title' end,
                case when task_outcomes.are_notes_theirs then 'notes' end,
                case when task_outcomes.is_due_theirs then 'due_date' end,
                case when task_outcomes.is_priority_theirs then 'priority' end
            ]
        ) as theirs
    from history.task_outcomes
    left join judgement.open_tasks on task_outcomes.uid = open_tasks.uid
),

-- A new one says why, and with one line of the config its title too.
creations as (
    select
        wanted.uid,
        wanted.owner_id,
        wanted.person_id,
        wanted.kind,
        wanted."cycle",
        'create' as action,
        'due' as reason,
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
        end as notes,
        wanted.due_date,
        wanted.wanted_priority as priority,
        'needs-action' as status,
        opening_candidates.record_id,
        settings.as_of_date as opened_date,
        raw.field_digest('needs-action') as status_digest
    from wanted
    cross join raw.settings
    inner join judgement.opening_candidates using (uid)
    where wanted.opens_now and opening_candidates.opens_now
),

-- Due date and priority are fixed when a follow-up opens; only a snooze moves it.
compared as (
    select
        tasks.*,
        case
            when starts_with(tasks.wrote_title, wanted.verb || ': ')
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
                            and starts_with(tasks.wrote_notes, wanted.verb)
                            then split_part(tasks.wrote_notes, chr(10), 1)
                    end,
                    wanted.first_line
                ),
                nullif(wanted.other_lines, '')
            )
        end as wanted_notes,
        case
            when tasks.snooze_until > tasks.wrote_due_date then tasks.snooze_until
            else tasks.wrote_due_date
        end as wanted_due_date
    from tasks
    inner join wanted on tasks.uid = wanted.uid
    where
        tasks.verdict = 'keep'
        and tasks.standing = 'open'
        and tasks.may_be_written
        -- ticked by us and opened again by the user: theirs from then on
        and coalesce(tasks.wrote_status, '') <> 'completed'
),

updates as (
    select
        compared.* replace (
            if(compared.is_title_theirs, compared.title, compared.wanted_title) as title,
            if(compared.are_notes_theirs, compared.notes, compared.wanted_notes) as notes,
            if(compared.is_due_theirs, compared.due_date, compared.wanted_due_date) as due_date
        ),
        'update' as action,
        'changed' as reason,
        compared.is_title_theirs as keeps_title,
        compared.is_due_theirs as keeps_due,
        raw.field_digest(coalesce(compared.wrote_status, 'needs-action')) as status_digest
    from compared
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
        tasks.* replace ([]::varchar[] as theirs),
        'update' as action,
        'shared' as reason,
        concat_ws(
            '.',
            array_to_string(tasks.digests[:6], '.'),
            raw.all_books(tasks.digests, settings.book_id)
        ) as mark
    from tasks
    cross join raw.settings
    anti join updates on tasks.uid = updates.uid
    where
        tasks.verdict = 'keep'
        and tasks.is_shared
        and not list_contains(tasks.digests, settings.book_id)
        and tasks.standing = 'open'
        and not tasks.is_touched
        and tasks.may_be_written
),

-- Where another machine looks after a task as well, a withdrawal is left standing for a while, as
-- cancelled and with our mark: gone alone it would be a dismissal there. Not of those of whom
-- nothing is to stay, nor what ran out: there it ran out as well.
ending as (
    select
        tasks.*,
        tasks.verdict = 'withdraw'
        and tasks.is_shared
        and tasks.kind in ('check_in', 'first_follow_up', 'reconnect')
        and tasks.verdict_reason not in ('resting', 'deceased', 'forgotten', 'expired') as is_told,
        -- the day that they were in touch: to another machine that may be news
        case
            when tasks.verdict_reason = 'met' then last_contacts.last_contact_date
        end as contact_date
    from tasks
    left join main.last_contacts using (owner_id, person_id)
    where
        tasks.verdict in ('tick', 'withdraw')
        and tasks.standing in ('open', 'as_written')
        and tasks.may_be_written
),

ended as (
    select
        ending.* replace (
            case
                when ending.verdict_reason = 'met' and not ending.are_notes_theirs
                    then concat_ws(
                        chr(10),
                        nullif(trim(ending.notes), ''),
                        'In touch on ' || strftime(ending.contact_date, '%-d %B %Y') || '.'
                    )
                else ending.notes
            end as notes,
            case
                when ending.verdict = 'tick' then 'completed'
                when ending.is_told then 'cancelled'
                else ending.status
            end as status
        ),
        ending.verdict as action,
        ending.verdict_reason as reason,
        true as keeps_title,
        true as keeps_due,
        if(ending.is_told, 'withdrawn', raw.field_digest('completed')) as status_digest,
        case when ending.verdict <> 'tick' and not ending.is_told then '' end as mark
    from ending
),

closings as (
    select
        tasks.* replace (
            coalesce(tasks.title, '') as title,
            coalesce(tasks.notes, '') as notes,
            coalesce(tasks.due_date, settings.as_of_date) as due_date,
            coalesce(tasks.status, 'cancelled') as status,
            []::varchar[] as theirs
        ),
        'close' as action,
        coalesce(tasks.close_reason, 'never_written') as reason,
        '' as mark
    from tasks
    cross join raw.settings
    anti join judgement.opening_candidates
        on tasks.uid = opening_candidates.uid and opening_candidates.opens_now
    where not tasks.is_open and not tasks.is_closed_in_state and tasks.standing <> 'unknown'
),

-- What was withdrawn and left standing goes after two weeks: whoever shares the list has seen it.
cleared as (
    select
        tasks.* replace ([]::varchar[] as theirs),
        'withdraw' as action,
        'cleared' as reason,
        '' as mark
    from tasks
    cross join raw.settings
    where
        tasks.is_closed_in_state
        and tasks.standing = 'cancelled'
        and tasks.digests[6] = 'withdrawn'
        and tasks.closed_date + 14 <= settings.as_of_date
        and tasks.may_be_written
),

-- Of several copies that say the same one is enough.
twins as (
    select
        tasks.* replace (
            task_twins.collection as collection,
            task_twins.href as href,
            task_twins.etag as etag,
            task_twins.title as title,
            task_twins.notes as notes,
            task_twins.due_date as due_date,
            task_twins.priority as priority,
            'needs-action' as status,
            []::varchar[] as theirs
        ),
        'withdraw' as action,
        'twin' as reason,
        '' as mark
    from history.task_twins
    inner join tasks on task_twins.uid = tasks.uid
    where task_twins.is_untouched and tasks.standing <> 'unknown'
),

changes as (
    select * from creations
    union all by name
    select * from updates
    union all by name
    select * from shared
    union all by name
    select * from ended
    union all by name
    select * from closings
    union all by name
    select * from cleared
    union all by name
    select * from twins
)

select
    changes.uid,
    changes.owner_id,
    changes.person_id,
    changes.kind,
    changes."cycle",
    changes.action,
    changes.reason,
    changes.collection,
    changes.href,
    changes.etag,
    changes.title,
    changes.notes,
    changes.due_date,
    changes.priority,
    changes.status,
    settings.tasks_form as form,
    coalesce(changes.theirs, []) as theirs,
    changes.record_id,
    coalesce(
        changes.mark,
        concat_ws(
            '.',
            strftime(changes.opened_date, '%Y%m%d'),
            raw.next_digest(
                changes.keeps_title, changes.digests[2], changes.title, changes.wrote_title
            ),
            raw.next_digest(
                changes.are_notes_theirs, changes.digests[3], changes.notes, changes.wrote_notes
            ),
            raw.next_digest(
                changes.keeps_due, changes.digests[4], changes.due_date, changes.wrote_due_date
            ),
            raw.next_digest(
                changes.action <> 'create',
                changes.digests[5],
                changes.priority,
                changes.wrote_priority
            ),
            changes.status_digest,
            strftime(changes.contact_date, '%Y%m%d'),
            raw.all_books(changes.digests, settings.book_id)
        )
    ) as mark
from changes
cross join raw.settings
