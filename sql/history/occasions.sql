-- One row per occurrence: who was there in numbers, and the first rule that keeps it from counting.
-- The rules stand here in their order; main.contact_rules says what each means.
-- key: meeting_id
-- is_booked: it is still to come and nothing speaks against it
-- n_people: people in it who did not decline, the owner included; or the owner and whom the title
-- names
-- n_others: people invited besides the owner, whether they declined or not
-- named_person_ids: whom its title names, if nobody is invited; null where it names nobody
-- excluded_reason: the first rule that keeps it from counting; null when it counts
with present as (
    select
        participations.meeting_id,
        sum(participations.n_seats) filter (
            where participations.is_human and participations.reply_rank <> 2
        ) as n_people,
        sum(participations.n_seats) filter (
            where not participations.is_owner and participations.is_human
        ) as n_others,
        bool_or(participations.is_owner) as is_owner_listed,
        bool_or(participations.is_owner and participations.is_organizer) as is_owner_organizer,
        bool_or(participations.is_organizer) as has_organizer,
        max(participations.reply_rank) filter (where participations.is_owner) as owner_reply_rank
    from history.participations
    group by participations.meeting_id
),

-- Events whose UID stands on more than one item: only these can be the same meeting twice.
shared_uids as (
    select meetings.uid
    from staging.meetings
    where not meetings.is_gone
    group by meetings.uid
    having min(meetings.item_id) <> max(meetings.item_id)
),

-- What tells the occurrences of a UID apart in every calendar that has it: the start first meant,
-- wherever one of them was moved to since; for what is no series, its start.
shared as (
    select
        meetings.meeting_id,
        meetings.uid,
        meetings.item_id,
        meetings.status,
        case
            when meetings.is_all_day then strftime(meetings.start_date, '%Y%m%d')
            else strftime(meetings.starts_at at time zone 'UTC', '%Y%m%dT%H%M%SZ')
        end as start_name,
        coalesce(meetings.recurrence_id, start_name) as occurrence
    from staging.meetings
    semi join shared_uids using (uid)
    where not meetings.is_gone
),

copies as (
    select
        shared.meeting_id,
        row_number() over (
            partition by shared.uid, shared.occurrence
            order by
                coalesce(present.owner_reply_rank = 4 or present.is_owner_organizer, false) desc,
                coalesce(present.n_others, 0) desc,
                -- a copy that was moved is newer than one that was not
                shared.start_name <> shared.occurrence desc,
                shared.item_id asc,
                shared.meeting_id asc
        ) as copy_number,
        bool_or(shared.status = 'cancelled') over (
            partition by shared.uid, shared.occurrence
        ) as is_cancelled_somewhere
    from shared
    left join present on shared.meeting_id = present.meeting_id
),

named as (
    select
        title_names.title,
        list(title_names.person_id order by title_names.person_id) as person_ids
    from history.title_names
    group by title_names.title
),

counted as (
    select
        meetings.*,
        coalesce(present.n_others, 0) as n_others,
        coalesce(present.n_people, 0)
        + case when coalesce(present.is_owner_listed, false) then 0 else 1 end as n_people,
        coalesce(present.is_owner_organizer, not coalesce(present.has_organizer, false))
            as is_owner_organizer,
        coalesce(present.has_organizer, false) as has_organizer,
        coalesce(present.is_owner_listed, false) as is_owner_listed,
        coalesce(present.owner_reply_rank, 0) as owner_reply_rank,
        coalesce(copies.copy_number, 1) as copy_number,
        meetings.status = 'cancelled' or coalesce(copies.is_cancelled_somewhere, false)
            as is_cancelled,
        named.person_ids as named_person_ids,
        lower(coalesce(meetings.title, '')) as words,
        meetings.ends_at <= settings.as_of as is_over,
        settings.max_attendees
    from staging.meetings
    cross join raw.settings
    left join present using (meeting_id)
    left join copies using (meeting_id)
    left join named using (title)
),

judged as (
    select
        counted.*,
        case
            when counted.is_gone then 'deleted'
            when counted.copy_number > 1 then 'same_meeting'
            when starts_with(counted.uid, 'kithbook-') then 'own_follow_up'
            when
                counted.event_type = 'birthday'
                or list_contains(counted.categories, 'birthday')
                or (
                    counted.is_all_day
                    and regexp_matches(
                        counted.words,
                        'birthday|geburtstag|anivers[aá]rio|cumplea[nñ]os|anniversa|verjaardag'
                        || '|compleanno|fødselsdag|syntymäpäivä|urodziny|födelsedag|b-day|bday'
                    )
                ) then 'birthday'
            when
                counted.event_type = 'workingLocation'
                or (
                    counted.is_all_day
                    and regexp_matches(
                        counted.words, '^(home ?office|wfh|working from .*|office|remote)$'
                    )
                ) then 'working_location'
            when
                counted.event_type = 'focusTime'
                or regexp_matches(
                    counted.words, '^(focus( time| block)?|deep work|fokuszeit|do not book)$'
                ) then 'focus_time'
            when
                counted.event_type = 'outOfOffice'
                or regexp_matches(
                    counted.words, '^(ooo|out of office|abwesend|fora do escrit[oó]rio)\b'
                ) then 'out_of_office'
            when
                list_has_any(counted.categories, ['holiday', 'holidays', 'vacation'])
                or (
                    counted.is_all_day
                    and regexp_matches(
                        counted.words,
                        '\b(holidays?|vacation|feriado|f[eé]rias|ferien|feiertag|urlaub|vacances'
                        || '|vacaciones|festivo|vakantie)\b'
                    )
                ) then 'holiday'
            when
                list_has_any(counted.categories, ['travel', 'travel time'])
                or regexp_matches(
                    counted.words,
                    '^(travel( time)?|(flight|flug|voo|vuelo|vol|train|zug|comboio|tren|drive|bus)'
                    || '( (to|from|nach|von|para|de|vers|a|à) .*| [a-z0-9]{2} ?[0-9]{2,4}.*)?)$'
                ) then 'travel'
            when counted.is_all_day and counted.n_others = 0 then 'all_day_block'
            when counted.is_cancelled then 'cancelled'
            when counted.owner_reply_rank = 2 then 'owner_declined'
            when
                counted.has_organizer and not counted.is_owner_organizer
                and not counted.is_owner_listed then 'owner_not_invited'
            when not counted.is_owner_organizer and counted.owner_reply_rank = 3
                then 'owner_tentative'
            when not counted.is_owner_organizer and counted.owner_reply_rank < 4
                then 'owner_not_answered'
            when counted.n_people > counted.max_attendees then 'too_many_people'
            when counted.n_others = 0 and counted.named_person_ids is null then 'nobody_named'
            when not counted.is_over then 'not_over'
        end as excluded_reason
    from counted
)

select
    judged.meeting_id,
    judged.item_id,
    judged.source,
    judged.start_date,
    judged.starts_at,
    judged.ends_at,
    judged.is_recurring,
    judged.is_over,
    not judged.is_over
    and judged.n_people <= judged.max_attendees
    and coalesce(judged.excluded_reason in (
        'not_over', 'owner_tentative', 'owner_not_answered'
    ), false) as is_booked,
    (
        judged.n_people
        + case when judged.n_others = 0 then coalesce(length(judged.named_person_ids), 0) else 0 end
    )::integer as n_people,
    judged.n_others::integer as n_others,
    judged.is_owner_organizer,
    case when judged.n_others = 0 then judged.named_person_ids end as named_person_ids,
    judged.excluded_reason
from judged
