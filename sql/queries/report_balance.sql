-- Who of the closest 50 asks whom, over two years, where it is known at least four times: days on
-- which the owner or the person called the meeting; and who answers, of what was asked. Colleagues
-- aside.
-- on: book
with
close as (
    select
        ties.person_id,
        ties.strength_rank,
        settings.as_of_date - interval 2 year as since
    from main.ties
    inner join main.people on ties.person_id = people.person_id
    cross join main.settings
    where ties.strength_rank <= 50 and not ties.is_colleague and not people.is_deceased_hint
),

asked as (
    select
        close.person_id,
        count(distinct interactions.interaction_date) filter (
            where interactions.initiated_by = 'owner'
        ) as owner_days,
        count(distinct interactions.interaction_date) filter (
            where interactions.initiated_by = 'person'
        ) as person_days
    from close
    inner join main.interactions on close.person_id = interactions.person_id
    where interactions.is_counted and interactions.interaction_date > close.since
    group by close.person_id
),

answered as (
    select
        close.person_id,
        count(*) filter (where replies.asked_by = 'owner' and replies.reply is not null)
            as times_asked,
        count(*) filter (where replies.asked_by = 'owner' and replies.reply = 'accepted')
            as times_yes,
        count(*) filter (where replies.asked_by = 'person' and replies.owner_reply is not null)
            as owner_times_asked,
        count(*) filter (where replies.asked_by = 'person' and replies.owner_reply = 'accepted')
            as owner_times_yes
    from close
    inner join main.replies on close.person_id = replies.person_id
    where replies.is_over and replies.meeting_date > close.since
    group by close.person_id
)

select
    close.person_id,
    asked.owner_days,
    asked.person_days,
    case
        when asked.owner_days <= 0.2 * (asked.owner_days + asked.person_days) then 0
        when asked.owner_days < 0.4 * (asked.owner_days + asked.person_days) then 1
        when asked.owner_days <= 0.6 * (asked.owner_days + asked.person_days) then 2
        when asked.owner_days < 0.8 * (asked.owner_days + asked.person_days) then 3
        else 4
    end as bin,
    coalesce(answered.times_asked, 0) as times_asked,
    coalesce(answered.times_yes, 0) as times_yes,
    coalesce(answered.owner_times_asked, 0) as owner_times_asked,
    coalesce(answered.owner_times_yes, 0) as owner_times_yes
from close
inner join asked on close.person_id = asked.person_id
left join answered on close.person_id = answered.person_id
where asked.owner_days + asked.person_days >= 4
order by close.strength_rank
