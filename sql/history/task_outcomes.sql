-- One row per task that we wrote or meant to write: how it stands now, and how its cycle ended.
-- key: uid
-- person_id: the person it is about, as numbered now; null when nobody knows them any more
-- first_person_id: the person as numbered when it opened
-- kind: check_in, first_follow_up, birthday, reconnect or introduction
-- cycle: what fixes this round of it: the anchor, and from the second round on .2, .3, …
-- anchor: the last contact, the first meeting, the year, the decision
-- standing: unwritten, as_written (not read back yet), open, ticked, cancelled, gone, or unknown
-- (its list is missing, or nobody could say whether it is gone, so that nothing is concluded)
-- is_touched: the user changed anything at all, or moved it, or made it repeat
-- is_open: its cycle goes on
-- close_reason: how it ended: ticked, met, dismissed, expired, withdrawn_elsewhere (by another
-- machine that shares the list), lost (with its list, or nobody could say for weeks whether it is
-- there), or why we withdrew it
-- is_closed_in_state: the state knows that it ended
-- heard_at: since when the decisions stand in it that stand there now; null without any
-- is_adopted: it was found in the list, and another book opened it, or this one before a loss
-- is_shared: another machine looks after it as well, and learns when we withdraw it
-- digests: of what was last written there, by whatever machine: the day it opened, title, notes,
-- due date, priority and status, then the day that we noted and the books that look after it;
-- empty where it has none

-- The list that the config names, where it is there.
with named_lists as (
    select * from history.task_list
    where collection is not null
),

-- Every copy of a task that stands or stood in the account, most often one. One that was ticked
-- and cleared while another stood is a tick; one that was moved after it is none.
copies as (
    select
        tasks.*,
        -- of a list that is not pulled any more, the task is asked for by itself (missing_tasks.py)
        cursors.gone_at is null
        or coalesce(items.received_at >= cursors.gone_at, false) as is_list_there,
        tasks.status = 'completed'
        and (
            not tasks.is_gone
            or tasks.gone_at > min(tasks.first_seen_at) filter (
                where not tasks.is_gone
            ) over (partition by tasks.source, tasks.uid)
        ) as is_ticked_copy
    from staging.tasks
    left join raw.cursors using (source, collection)
    left join raw.items using (item_id)
    where tasks.is_ours
),

-- A task is looked for where we wrote it; if it is not there, wherever it was moved to; if that
-- list is gone, in the one of the config.
found as (
    select
        task_links.*,
        tasks.item_id,
        coalesce(tasks.is_recurring and not tasks.is_gone, false) as is_recurring,
        coalesce(tasks.collection, task_links.collection) as current_collection,
        coalesce(tasks.href, task_links.href) as current_href,
        coalesce(tasks.etag, task_links.etag) as current_etag,
        tasks.title,
        tasks.notes,
        tasks.due_date,
        tasks.priority,
        tasks.status,
        tasks.mark,
        tasks.completed_date,
        tasks.gone_date,
        coalesce(tasks.is_list_there, false) as is_list_there,
        coalesce(tasks.is_gone, false) as is_gone
    from history.written_tasks as task_links
    left join copies as tasks
        on task_links.uid = tasks.uid and coalesce(task_links.source, tasks.source) = tasks.source
    left join named_lists
        on tasks.source = named_lists.source and tasks.collection = named_lists.collection
    qualify row_number() over (
        partition by task_links.uid
        order by
            coalesce(tasks.is_list_there and tasks.is_ticked_copy, false) desc,
            coalesce(tasks.is_list_there and not tasks.is_gone, false) desc,
            case when tasks.is_ticked_copy then tasks.completed_date end desc nulls last,
            -- of several that stand the one that the user touched, then ours
            coalesce(
                tasks.title <> task_links.wrote_title
                or tasks.due_date <> task_links.wrote_due_date
                or trim(tasks.notes) <> trim(task_links.wrote_notes),
                false
            ) desc,
            coalesce(tasks.collection = task_links.collection and tasks.is_list_there, false) desc,
            coalesce(tasks.href = task_links.href, false) desc,
            named_lists.collection is not null desc,
            coalesce(tasks.collection = task_links.collection, false) desc,
            coalesce(tasks.is_gone, false),
            tasks.item_id desc
    ) = 1
),

standing as (
    select
        found.*,
        record_persons.person_id as current_person_id,
        (items.received_at at time zone settings.time_zone)::date as received_date,
        (found.opened_at at time zone settings.time_zone)::date as opened_date,
        (found.closed_at at time zone settings.time_zone)::date as noted_date,
        coalesce(cursors.pulled_at > found.closed_at, true) as is_read_since,
        settings.as_of_date,
        settings.tasks_form,
        settings.book_id,
        cursors.gone_at is not null
        and not found.is_list_there
        and found.closed_at is null as is_list_gone,
        -- The list is gone, and there is another of the name that the config gives.
        is_list_gone
        and named_lists.source is not null as is_lost,
        -- Nobody could say for so long whether it is gone: that is no dismissal, and no reason to
        -- ask about its person never again.
        found.doubted_at + to_days(settings.expiry_days) <= settings.as_of
        and found.closed_at is null as is_given_up,
        not found.is_gone
        and coalesce(
            found.current_collection <> coalesce(named_lists.collection, found.collection), false
        ) as is_moved,
        case
            when is_lost and coalesce(found.status, '') <> 'completed' then 'gone'
            when is_lost then 'ticked'
            when is_list_gone then 'unknown'
            when is_given_up and found.status = 'completed' then 'ticked'
            when is_given_up then 'gone'
            when found.doubted_at is not null and found.closed_at is null then 'unknown'
            when found.item_id is null and found.wrote_at is null then 'unwritten'
            when found.item_id is null and coalesce(cursors.pulled_at > found.wrote_at, false)
                then 'gone'
            when found.item_id is null then 'as_written'
            when found.status = 'completed' then 'ticked'
            when found.is_gone then 'gone'
            when found.status = 'cancelled' then 'cancelled'
            else 'open'
        end as standing
    from found
    cross join raw.settings
    left join identity.record_persons on found.person_id = record_persons.record_id
    left join named_lists on found.source = named_lists.source
    left join raw.items using (item_id)
    left join raw.cursors
        on found.source = cursors.source and found.current_collection = cursors.collection
),

-- What we wrote, or were about to write when a run was cut off.
based as (
    select
        standing.*,
        standing.standing = 'open'
        and coalesce(standing.wrote_at, standing.intends_at) is not null as is_comparable,
        coalesce(standing.wrote_title, '') as own_title,
        coalesce(standing.intends_title, standing.wrote_title, '') as next_title,
        trim(coalesce(standing.wrote_notes, '')) as own_notes,
        trim(coalesce(standing.intends_notes, standing.wrote_notes, '')) as next_notes,
        coalesce(standing.due_date, date '0001-01-01') as any_due_date,
        coalesce(standing.wrote_due_date, date '0001-01-01') as own_due_date,
        coalesce(standing.intends_due_date, standing.wrote_due_date, date '0001-01-01')
            as next_due_date,
        coalesce(standing.wrote_priority, 0) as own_priority,
        coalesce(standing.intends_priority, standing.wrote_priority, 0) as next_priority,
        coalesce(standing.unknown_fields, []) as unknown,
        string_split(coalesce(standing.mark, ''), '.') as digests
    from standing
),

compared as (
    select
        based.*,
        based.is_comparable
        and (
            list_contains(based.unknown, 'title')
            or based.title not in (based.own_title, based.next_title)
        ) as is_title_theirs,
        based.is_comparable
        and (
            list_contains(based.unknown, 'notes')
            or trim(based.notes) not in (based.own_notes, based.next_notes)
        ) as are_notes_theirs,
        based.is_comparable
        and (
            list_contains(based.unknown, 'due_date')
            or based.any_due_date not in (based.own_due_date, based.next_due_date)
        ) as is_due_theirs,
        based.is_comparable
        and (
            list_contains(based.unknown, 'priority')
            or coalesce(based.priority, 0) not in (based.own_priority, based.next_priority)
        ) as is_priority_theirs,
        -- Just as a kithbook wrote it, though maybe another one than this.
        coalesce(
            based.digests[2:6] = [
                raw.field_digest(based.title),
                raw.field_digest(based.notes),
                raw.field_digest(based.due_date),
                raw.field_digest(based.priority),
                raw.field_digest(based.status)
            ],
            false
        ) as is_as_written,
        -- Another kithbook ticked it, or this one before a loss: they were in touch on the day that
        -- it noted then.
        case
            when
                based.status = 'completed'
                and coalesce(based.wrote_status, '') <> 'completed'
                and based.digests[6] = raw.field_digest('completed')
                then try_strptime(based.digests[7], '%Y%m%d')::date
        end as told_date,
        -- Somebody who takes a tick back, or brings a dismissed task back, wants it open.
        (
            based.standing = 'open'
            and (
                based.closed_at is null
                or (based.close_reason in ('ticked', 'met', 'dismissed') and based.is_read_since)
                -- and so does who opens again what stands there as withdrawn
                or based.digests[6] = 'withdrawn'
            )
        )
        or (based.standing in ('as_written', 'unknown') and based.closed_at is null) as is_open,
        -- Ticked or dismissed once, opened again by the user, and then let go.
        based.standing in ('gone', 'cancelled')
        and based.close_reason in ('ticked', 'dismissed')
        and based.is_read_since as is_given_up_again
    from based
)

select
    compared.uid,
    compared.owner_id,
    compared.current_person_id as person_id,
    compared.person_id as first_person_id,
    compared.kind,
    compared."cycle",
    split_part(compared."cycle", '.', 1) as anchor,
    compared.source,
    compared.current_collection as collection,
    compared.current_href as href,
    compared.current_etag as etag,
    compared.opened_date,
    compared.standing,
    coalesce(compared.title, compared.wrote_title) as title,
    coalesce(compared.notes, compared.wrote_notes) as notes,
    case
        when compared.standing = 'open' then compared.due_date
        else coalesce(compared.due_date, compared.wrote_due_date)
    end as due_date,
    compared.priority,
    compared.status,
    compared.wrote_title,
    compared.wrote_notes,
    compared.wrote_due_date,
    compared.wrote_priority,
    compared.wrote_status,
    compared.is_title_theirs,
    compared.are_notes_theirs,
    compared.is_due_theirs,
    compared.is_priority_theirs,
    compared.is_recurring,
    (
        not compared.is_as_written
        and (
            compared.is_title_theirs
            or compared.are_notes_theirs
            or compared.is_due_theirs
            or compared.is_priority_theirs
        )
    )
    or coalesce(
        compared.standing = 'open'
        and compared.digests[6] <> raw.field_digest(compared.status),
        false
    )
    or compared.is_moved
    or compared.is_recurring
    or coalesce(compared.standing = 'open' and compared.status = 'in-process', false)
    or coalesce(compared.standing = 'open' and compared.wrote_status = 'completed', false)
    -- taken back from ticked or dismissed: somebody wants it there
    or (compared.is_open and compared.closed_at is not null) as is_touched,
    compared.is_open,
    case
        when compared.is_open or compared.standing = 'unwritten' then compared.noted_date
        when compared.standing = 'ticked' and compared.told_date is not null then compared.told_date
        when compared.standing = 'ticked'
            then
                -- No phone's wrong clock ticks a task before it was there.
                greatest(
                    compared.opened_date,
                    coalesce(
                        -- An event knows only the day of its last change, maybe long after.
                        case
                            when
                                compared.tasks_form = 'event'
                                and compared.close_reason = 'ticked'
                                then least(compared.completed_date, compared.noted_date)
                            else compared.completed_date
                        end,
                        compared.noted_date,
                        compared.received_date,
                        compared.as_of_date
                    )
                )
        -- A cancelled task that is tidied away later was let go when it was cancelled.
        when compared.is_given_up_again
            then
                greatest(
                    compared.noted_date,
                    coalesce(
                        case
                            when compared.status = 'cancelled' then compared.received_date
                            else compared.gone_date
                        end,
                        compared.noted_date
                    )
                )
        else coalesce(compared.noted_date, compared.gone_date, compared.as_of_date)
    end as closed_date,
    case
        when compared.is_open then null
        -- A tick counts even if we had given the task up meanwhile.
        when
            compared.standing = 'ticked'
            and coalesce(compared.wrote_status, '') <> 'completed'
            and coalesce(compared.intends_action, '') <> 'tick' then 'ticked'
        when compared.is_given_up_again then 'dismissed'
        when compared.closed_at is not null then compared.close_reason
        when compared.standing = 'ticked' then 'met'
        when compared.is_lost or compared.is_given_up then 'lost'
        when compared.standing = 'unwritten' then null
        when compared.standing = 'cancelled' and compared.digests[6] = 'withdrawn'
            then 'withdrawn_elsewhere'
        when compared.intends_action = 'withdraw'
            then coalesce(compared.intends_reason, 'withdrawn')
        else 'dismissed'
    end as close_reason,
    compared.closed_at is not null as is_closed_in_state,
    compared.heard_at,
    compared.adopted_at is not null as is_adopted,
    len(raw.other_books(compared.digests, compared.book_id)) > 0 as is_shared,
    compared.digests
from compared
