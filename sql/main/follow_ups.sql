-- One row per owner, person and follow-up whose time has come: open, opening now, or held back and
-- why. Rank decides only what opens; `kithbook due` shows what is open or opens now.
-- key: uid
-- follow_up_id: its name, and the UID of its task
-- uid: the UID of its task
-- owner_id: the owner
-- person_id: the person
-- display_name: their name
-- kind: check_in, first_follow_up, birthday, reconnect or introduction
-- cycle: what fixes this round of it
-- due_date: the day it is due; where its task stands, as it stands there
-- title: what the task says: the name alone, on one line, without hidden characters
-- reason: why now, in kind words
-- verb: what to do about it, in two or three words
-- why: the same with the reason, on one line
-- evidence: what that rests on
-- ways: how to reach them, one a line
-- talk_about: something to begin with, one a line
-- importance: 1 to 6, from layer and choice
-- urgency: days over, as a share of the cadence
-- quadrant: important and urgent, important, urgent, or neither
-- score: whom to think of first: importance, and within one how much a nudge helps
-- turn: in which order they open, 1 first; null for who waits for no turn
-- is_open: its task stands in the list
-- opens_now: its task is to be made in this run
-- why_not: why it does not open: what holds it back, or the cap that is full
-- why_not_words: the same as people say it
-- blocked_until: until when, where that is known
-- opened_date: the day it opened
-- is_same_account: the last contact is known from the account that the task goes to
-- other_id: for an introduction, the other person
with together as (
    select opening_candidates.* exclude (opening_candidates.record_id)
    from judgement.opening_candidates
    where not opening_candidates.is_open
    union all by name
    select
        open_tasks.owner_id,
        open_tasks.person_id,
        open_tasks.kind,
        open_tasks."cycle",
        open_tasks.uid,
        true as is_open,
        false as opens_now,
        opening_candidates.score,
        task_outcomes.due_date,
        open_tasks.other_id,
        wishes.importance,
        coalesce(opening_candidates.urgency, 0.0::double) as urgency,
        open_tasks.snooze_until as blocked_until
    from judgement.open_tasks
    left join judgement.wishes using (owner_id, person_id)
    inner join history.task_outcomes on open_tasks.uid = task_outcomes.uid
    left join judgement.opening_candidates on open_tasks.uid = opening_candidates.uid
    where open_tasks.verdict = 'keep' and open_tasks.person_id is not null
),

-- Somebody both know whom the owner has met since: the closest of them.
friends as (
    select
        together.uid,
        arg_min(persons.display_name, strengths.strength_rank) as friend_name
    from together
    inner join main.last_contacts using (owner_id, person_id)
    inner join judgement.mutual_contacts using (owner_id, person_id)
    inner join judgement.strengths
        on
            mutual_contacts.owner_id = strengths.owner_id
            and mutual_contacts.friend_id = strengths.person_id
    inner join identity.persons on mutual_contacts.friend_id = persons.person_id
    where
        strengths.last_contact_date > last_contacts.last_contact_date
        and mutual_contacts.shared_meetings >= 2
        and not coalesce(persons.is_deceased_hint, false)
    group by together.uid
),

described as (
    select
        together.*,
        persons.display_name,
        persons.emails,
        persons.phones,
        others.display_name as other_name,
        last_contacts.last_contact_date as contact_date,
        last_contacts.is_told,
        last_contacts.source as last_source,
        last_contacts.title as last_title,
        strengths.contact_day_count,
        strengths.first_contact_date,
        cadences.cadence_source,
        cadences.cadence_days,
        cadences.usual_words,
        upper(left(circle_wishes.purpose_circle, 1)) || substr(circle_wishes.purpose_circle, 2)
            as purpose_circle,
        circle_wishes.purpose,
        strengths.best_layer_size,
        coalesce(new_people.is_by_meeting, false) as is_by_meeting,
        raw.day_words(new_people.arrival_date, settings.as_of_date) as arrival_words,
        birthday_dates.next_date as birthday_date,
        birthday_dates.turning,
        friends.friend_name,
        task_outcomes.opened_date,
        settings.as_of_date,
        settings.tasks_source,
        settings.paused_until,
        raw.day_words(last_contacts.last_contact_date, settings.as_of_date) as contact_words,
        raw.day_words(together.blocked_until, settings.as_of_date) as until_words,
        case
            when
                abs(
                    round(round(cadences.cadence_days / 30.4375::double) * 30.4375::double)
                    - cadences.cadence_days
                ) < 1 and cadences.cadence_days >= 28
                then round(cadences.cadence_days / 30.4375::double)::integer::varchar || ' months'
            when cadences.cadence_days::integer % 7 = 0
                then (cadences.cadence_days::integer // 7)::varchar || ' weeks'
            else cadences.cadence_days::integer::varchar || ' days'
        end as span_words
    from together
    inner join identity.persons using (owner_id, person_id)
    left join main.last_contacts using (owner_id, person_id)
    left join judgement.strengths using (owner_id, person_id)
    left join judgement.cadences using (owner_id, person_id)
    left join judgement.circle_wishes using (owner_id, person_id)
    left join judgement.new_people using (owner_id, person_id)
    left join judgement.birthday_dates using (owner_id, person_id)
    left join friends using (uid)
    left join history.task_outcomes using (uid)
    left join identity.persons as others on together.other_id = others.person_id
    cross join main.settings
),

worded as (
    select
        described.*,
        regexp_replace(
            regexp_replace(described.span_words, '^1 (day|week|month)s$', 'every \1'),
            '^([0-9])', 'every \1'
        ) as cadence_words,
        case
            when described.contact_words is null then 'No contact known yet.'
            when described.is_told then 'Last in touch on ' || described.contact_words || '.'
            else concat(
                'Last seen ', described.contact_words, ' (' || described.last_title || ')', '.'
            )
        end as since_words,
        strftime(coalesce(described.birthday_date, described.due_date), '%-d %B')
        || coalesce(', turning ' || described.turning, '') as birthday_words,
        described.kind in ('check_in', 'reconnect') as is_by_last_contact,
        case described.kind
            when 'birthday' then 'Congratulate'
            when 'introduction' then 'Introduce to ' || coalesce(described.other_name, 'somebody')
            when 'first_follow_up' then 'Say hello'
            when 'reconnect' then 'Pick up again'
            else 'Ring or write'
        end as verb,
        case
            when described.purpose is not null
                then described.purpose_circle || ': ' || rtrim(described.purpose, '. ') || '.'
        end as purpose_words
    from described
)

select
    worded.uid as follow_up_id,
    worded.uid,
    worded.owner_id,
    worded.person_id,
    worded.display_name,
    worded.kind,
    worded."cycle",
    case
        when worded.is_open then worded.due_date
        else greatest(worded.due_date, worded.as_of_date)
    end as due_date,
    coalesce(raw.one_line(worded.display_name), 'Somebody') as title,
    case worded.kind
        when 'birthday' then 'Birthday on ' || worded.birthday_words || '.'
        when 'introduction'
            then 'You wanted to introduce ' || coalesce(worded.other_name, 'somebody') || '.'
        when 'first_follow_up'
            then
                case
                    when worded.arrival_words is null then worded.since_words
                    when worded.is_by_meeting
                        then 'First in your calendar on ' || worded.arrival_words || '.'
                    else 'New in your address book since ' || worded.arrival_words || '.'
                end
        when 'reconnect'
            then
                concat_ws(
                    ' ',
                    case
                        when worded.best_layer_size <= 50
                            then 'Once among your closest ' || worded.best_layer_size || '.'
                    end,
                    worded.since_words
                )
        else concat_ws(
            ' ',
            worded.since_words,
            case worded.cadence_source
                when 'given' then 'You wanted to be in touch ' || worded.cadence_words || '.'
                when 'circle'
                    then
                        case
                            when worded.purpose_words is null
                                then worded.purpose_circle || ': ' || worded.cadence_words || '.'
                        end
                else upper(left(worded.usual_words, 1)) || substr(worded.usual_words, 2) || '.'
            end,
            worded.purpose_words
        )
    end as reason,
    case
        when worded.contact_words is null then 'No contact known.'
        else worded.contact_day_count || case
            when worded.contact_day_count = 1 then ' day'
            else ' days'
        end || ' in touch since ' || strftime(worded.first_contact_date, '%-d %B %Y')
        || ', the last on ' || strftime(worded.contact_date, '%-d %B %Y')
        || coalesce(' (“' || worded.last_title || '”)', '') || '.'
    end as evidence,
    concat_ws(chr(10), worded.phones[1], worded.emails[1], worded.emails[2]) as ways,
    concat_ws(
        chr(10),
        case
            when worded.last_title is not null and not worded.is_by_last_contact
                then 'Last time: “' || worded.last_title || '”, ' || worded.contact_words
        end,
        case
            when
                worded.kind <> 'birthday'
                and worded.birthday_date <= worded.as_of_date + 30
                then 'Birthday on ' || strftime(worded.birthday_date, '%-d %B')
        end,
        'You have seen ' || worded.friend_name || ' since'
    ) as talk_about,
    worded.verb,
    concat_ws(
        ': ',
        worded.verb,
        case worded.kind
            when 'birthday' then 'birthday on ' || worded.birthday_words
            when 'introduction' then null
            when 'first_follow_up'
                then
                    case
                        when worded.is_by_meeting then 'first in your calendar on '
                        else 'new in your address book since '
                    end || worded.arrival_words
            else
                case
                    when worded.is_told then 'last in touch '
                    else 'last seen '
                end || worded.contact_words
        end
    ) as why,
    worded.importance,
    worded.urgency,
    case
        when worded.importance >= 4 and worded.urgency >= 0.5::double then 'important and urgent'
        when worded.importance >= 4 then 'important'
        when worded.urgency >= 0.5::double then 'urgent'
        else 'neither'
    end as quadrant,
    worded.score,
    worded.turn,
    worded.is_open,
    worded.opens_now,
    worded.why_not,
    case worded.why_not
        when 'deceased' then 'a card says that they died'
        when 'never' then 'you said never'
        when 'not_now' then 'you said not now'
        when 'not_chosen' then 'not chosen yet: `kithbook choose`'
        when 'not_chosen_yet' then 'not chosen yet: `kithbook choose`'
        when 'paused'
            then 'all on hold until ' || raw.day_words(worded.paused_until, worded.as_of_date)
        when 'snoozed' then concat_ws(' until ', 'snoozed', worded.until_words)
        when 'booked' then concat_ws(' on ', 'a meeting is booked', worded.until_words)
        when 'dismissed' then concat_ws(' until ', 'you took it out: no other', worded.until_words)
        when 'withdrawn_elsewhere'
            then concat_ws(' until ', 'another machine took it back: no other', worded.until_words)
        when 'dismissed_three_times' then 'you took it out three times'
        when 'stale' then 'where you last met has not been read lately: `kithbook status`'
        when 'unmatched_task' then 'a task in your list may be theirs: `kithbook status`'
        when 'closing' then 'their last task is being closed'
        when 'another_open' then 'something else is open for them'
        when 'another_opens' then 'something else comes first for them'
        when 'cap_open' then 'enough are open'
        when 'cap_week' then 'enough for this week'
        when 'cap_pause' then 'one a day after a pause'
        when 'cap_first_follow_up' then 'enough new people this week'
        when 'cap_reconnect' then 'enough old friends this week'
        else replace(worded.why_not, '_', ' ')
    end as why_not_words,
    worded.blocked_until,
    worded.opened_date,
    coalesce(worded.last_source = worded.tasks_source, worded.is_told, false) as is_same_account,
    worded.other_id
from worded
