-- One row per candidate: its task, if it has one, whether it opens now, and why not.
-- key: owner_id, person_id, kind, cycle
-- uid: the UID that its task has or would have
-- is_open: its task stands in the list
-- opens_now: its task is to be made in this run
-- why_not: why it does not open: what holds it back, or the cap that is full
-- score: whom to think of first: importance, and within one how much a nudge helps: most at one
-- cadence over, on a logarithmic scale, less before and after
-- turn: in which order they open: by score and by how long they have waited, in turns; null for who
-- waits for nothing
-- blocked_until: until when something holds it back, where that is known
-- record_id: the record by whose key its task is or will be named

-- A copy that the user keeps, or made to repeat, reminds of them already.
with left_standing as (
    select distinct
        task_outcomes.owner_id,
        task_outcomes.person_id
    from history.task_outcomes
    left join history.task_twins on task_outcomes.uid = task_twins.uid
    where not task_twins.is_untouched or (task_outcomes.is_recurring and not task_outcomes.is_open)
),

kept as (
    select
        open_tasks.owner_id,
        open_tasks.person_id,
        min(open_tasks.kind) filter (where open_tasks.verdict = 'keep') as kept_kind,
        coalesce(
            bool_or(open_tasks.verdict <> 'keep' and open_tasks.reason <> 'birthday'), false
        ) as is_closing
    from judgement.open_tasks
    group by open_tasks.owner_id, open_tasks.person_id
),

-- A check-in stays the same follow-up when the last contact turns out to be another; a birthday of
-- another year and the introduction to somebody else are others.
kept_kinds as (
    select
        open_tasks.owner_id,
        open_tasks.person_id,
        open_tasks.kind,
        case
            when open_tasks.kind in ('birthday', 'introduction')
                then split_part(open_tasks."cycle", '.', 1)
            else ''
        end as fixed_anchor,
        min(open_tasks.uid) as uid
    from judgement.open_tasks
    where open_tasks.verdict = 'keep'
    group by all
),

-- What a task's UID is made of: the first key by which nobody else is known.
named as (
    select
        wanted_follow_ups.owner_id,
        wanted_follow_ups.person_id,
        arg_min(
            person_keys.record_id, row(person_keys.choice_order, person_keys.task_key)
        ) as record_id,
        raw.key_hash(
            wanted_follow_ups.owner_id,
            coalesce(
                arg_min(person_keys.task_key, row(person_keys.choice_order, person_keys.task_key)),
                'record ' || wanted_follow_ups.person_id
            )
        ) as key_hash
    from judgement.wanted_follow_ups
    left join identity.person_keys
        on wanted_follow_ups.person_id = person_keys.person_id and person_keys.is_alone
    group by wanted_follow_ups.owner_id, wanted_follow_ups.person_id
),

-- The highest round of each, by the person and by what stands in the list under the same key. What
-- was intended and never written, as a run was cut off, goes on under the same UID.
rounds as (
    select
        task_outcomes.owner_id,
        task_outcomes.person_id,
        task_outcomes.kind,
        task_outcomes.anchor,
        max(raw.cycle_round(task_outcomes."cycle")) as last_round,
        min({ 'uid': task_outcomes.uid, 'cycle': task_outcomes."cycle" }) filter (
            where task_outcomes.standing = 'unwritten' and not task_outcomes.is_closed_in_state
        ) as unwritten
    from history.task_outcomes
    group by all
),

uids as (
    select task_outcomes.uid from history.task_outcomes
    union
    select tasks.uid from staging.tasks
    where tasks.is_ours
),

read_uids as (
    select unnest(raw.uid_parts(uids.uid))
    from uids
),

key_rounds as (
    select
        read_uids.key_hash,
        read_uids.kind,
        split_part(read_uids."cycle", '.', 1) as anchor,
        max(raw.cycle_round(read_uids."cycle")) as last_round
    from read_uids
    where read_uids.key_hash <> ''
    group by all
),

-- Whom a task of ours may be about that fits nobody for sure: no other is made beside it.
unmatched as (
    select distinct unnest(task_adoptions.candidate_ids) as person_id
    from history.task_adoptions
    where task_adoptions.left_alone is not null and not task_adoptions.is_over
),

-- What ever opened of the kinds that are rationed.
rationed as (
    select
        task_outcomes.kind,
        task_outcomes.opened_date,
        task_outcomes.opened_date > settings.as_of_date - 7 as is_of_this_week,
        coalesce(task_outcomes.opened_date >= pauses.paused_until, false) as is_since_pause
    from history.task_outcomes
    cross join raw.settings
    cross join judgement.pauses
    where
        task_outcomes.kind in ('check_in', 'first_follow_up', 'reconnect')
        and task_outcomes.standing <> 'unwritten'
),

-- How many opened, ever and this week: whose turn it is, and what is left.
opened as (
    select
        settings.owner_id,
        settings.open_at_most - (
            select count(*)
            from judgement.open_tasks
            -- what is put off asks nothing of anybody now
            where
                open_tasks.verdict = 'keep'
                and open_tasks.is_capped
                and coalesce(open_tasks.snooze_until <= settings.as_of_date, true)
        ) - (
            select count(*)
            from history.task_adoptions
            -- whoever it is about, it stands in the list and asks something
            where
                task_adoptions.left_alone in ('earlier_rule', 'nobody', 'several')
                and not task_adoptions.is_over
                and task_adoptions.kind not in ('birthday', 'introduction')
        ) as open_slots,
        settings.per_week - count(*) filter (where rationed.is_of_this_week) as week_slots,
        settings.first_follow_up_per_week - count(*) filter (
            where rationed.is_of_this_week and rationed.kind = 'first_follow_up'
        ) as first_slots,
        settings.reconnect_per_week - count(*) filter (
            where rationed.is_of_this_week and rationed.kind = 'reconnect'
        ) as reconnect_slots,
        count(rationed.kind) as n_ever,
        count(*) filter (where rationed.kind = 'first_follow_up') as n_first_ever,
        count(*) filter (where rationed.kind = 'reconnect') as n_reconnect_ever,
        -- after a pause they come back one a day, from the first run on that opens any
        settings.as_of_date - coalesce(
            min(rationed.opened_date) filter (where rationed.is_since_pause), settings.as_of_date
        ) as days_back,
        case
            when pauses.paused_until <= settings.as_of_date and days_back <= settings.per_week
                then days_back + 1 - count(*) filter (where rationed.is_since_pause)
        end as pause_slots
    from raw.settings
    cross join judgement.pauses
    left join rationed on true
    group by
        settings.owner_id, settings.as_of_date, settings.open_at_most, settings.per_week,
        settings.first_follow_up_per_week, settings.reconnect_per_week, pauses.paused_until
),

matched as (
    select
        wanted_follow_ups.*,
        coalesce(
            rounds.unwritten."cycle",
            wanted_follow_ups.anchor
            || coalesce('.' || (greatest(rounds.last_round, key_rounds.last_round) + 1), '')
        ) as "cycle",
        named.record_id,
        named.key_hash,
        unmatched.person_id is not null as is_unmatched,
        kept_kinds.uid as open_uid,
        rounds.unwritten.uid as unwritten_uid,
        kept.kept_kind,
        coalesce(kept.is_closing, false) as is_closing,
        1 / (1 + ln((1 + wanted_follow_ups.urgency) / 2) ** 2) as nudge_gain,
        wanted_follow_ups.importance + nudge_gain as score,
        -- Two orders take turns: whom to think of first, and who has waited longest, by four weeks;
        -- among these the one whom a nudge helps most.
        row(-score, -wanted_follow_ups.waiting_days, wanted_follow_ups.person_id) as by_score,
        row(
            -(wanted_follow_ups.waiting_days // 28),
            -nudge_gain,
            -wanted_follow_ups.importance,
            wanted_follow_ups.person_id
        ) as by_waiting,
        case wanted_follow_ups.kind
            when 'birthday' then 1
            when 'introduction' then 2
            when 'first_follow_up' then 3
            when 'check_in' then 4
            else 5
        end as kind_order
    from judgement.wanted_follow_ups
    left join kept using (owner_id, person_id)
    left join rounds using (owner_id, person_id, kind, anchor)
    left join named using (owner_id, person_id)
    left join unmatched using (person_id)
    left join kept_kinds
        on
            wanted_follow_ups.owner_id = kept_kinds.owner_id
            and wanted_follow_ups.person_id = kept_kinds.person_id
            and wanted_follow_ups.kind = kept_kinds.kind
            and (kept_kinds.fixed_anchor = '' or wanted_follow_ups.anchor = kept_kinds.fixed_anchor)
    left join key_rounds
        on
            named.key_hash = key_rounds.key_hash
            and wanted_follow_ups.kind = key_rounds.kind
            and wanted_follow_ups.anchor = key_rounds.anchor
),

-- One follow-up a person: the first kind that nothing holds back.
waiting as (
    select
        matched.*,
        case
            when matched.open_uid is not null then null
            when matched.blocked_reason is not null then matched.blocked_reason
            when matched.is_closing then 'closing'
            when matched.is_unmatched then 'unmatched_task'
            when matched.kept_kind is not null then 'another_open'
            when left_standing.person_id is not null then 'another_open'
        end as held_reason
    from matched
    left join left_standing using (owner_id, person_id)
),

single as (
    select
        waiting.*,
        case
            when waiting.open_uid is not null or waiting.held_reason is not null
                then waiting.held_reason
            when row_number() over (
                partition by
                    waiting.owner_id,
                    waiting.person_id,
                    waiting.open_uid is null and waiting.held_reason is null
                order by waiting.kind_order asc, waiting.score desc, waiting."cycle" asc
            ) > 1 then 'another_opens'
        end as person_reason
    from waiting
),

-- Whose turn comes next is known by how many came before.
by_kind as (
    select
        single.*,
        case single.kind
            when 'first_follow_up' then opened.first_slots
            when 'reconnect' then opened.reconnect_slots
        end as kind_slots,
        raw.turn(
            row_number() over (same_kind order by single.by_score),
            row_number() over (same_kind order by single.by_waiting),
            case single.kind
                when 'first_follow_up' then opened.n_first_ever
                when 'reconnect' then opened.n_reconnect_ever
            end
        ) as kind_turn
    from single
    inner join opened on single.owner_id = opened.owner_id
    window same_kind as (
        partition by
            single.owner_id,
            single.kind,
            single.open_uid is null and single.person_reason is null
    )
),

kind_capped as (
    select
        by_kind.*,
        case
            when by_kind.open_uid is not null or by_kind.person_reason is not null
                then by_kind.person_reason
            when
                row_number() over (
                    partition by
                        by_kind.owner_id,
                        by_kind.kind,
                        by_kind.open_uid is null and by_kind.person_reason is null
                    order by by_kind.kind_turn
                ) > by_kind.kind_slots then 'cap_' || by_kind.kind
        end as kind_reason
    from by_kind
),

in_turn as (
    select
        kind_capped.*,
        kind_capped.open_uid is null and kind_capped.kind_reason is null and kind_capped.is_capped
            as is_waiting,
        raw.turn(
            row_number() over (waiting_together order by kind_capped.by_score),
            row_number() over (waiting_together order by kind_capped.by_waiting),
            opened.n_ever
        ) as turn_key
    from kind_capped
    inner join opened on kind_capped.owner_id = opened.owner_id
    window waiting_together as (partition by kind_capped.owner_id, is_waiting)
),

decided as (
    select
        in_turn.*,
        case
            when in_turn.is_waiting
                then row_number() over (
                    partition by in_turn.owner_id, in_turn.is_waiting
                    order by in_turn.turn_key
                )
        end as turn,
        case
            when not in_turn.is_waiting then in_turn.kind_reason
            when turn > opened.open_slots then 'cap_open'
            when turn > opened.week_slots then 'cap_week'
            when turn > opened.pause_slots then 'cap_pause'
        end as why_not
    from in_turn
    inner join opened on in_turn.owner_id = opened.owner_id
)

select
    decided.owner_id,
    decided.person_id,
    decided.kind,
    decided."cycle",
    coalesce(
        decided.open_uid,
        decided.unwritten_uid,
        concat_ws('-', 'kithbook-2', decided.kind, decided."cycle", decided.key_hash)
    ) as uid,
    decided.open_uid is not null as is_open,
    decided.open_uid is null and decided.why_not is null as opens_now,
    decided.why_not,
    decided.score,
    decided.turn,
    decided.due_date,
    decided.other_id,
    decided.importance,
    decided.urgency,
    decided.blocked_until,
    coalesce(decided.record_id, decided.person_id) as record_id
from decided
