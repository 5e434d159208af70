-- One row per rule that decides what counts as contact, in the order in which they are asked, with
-- how many it decided.
-- key: rule
-- rule: its name, as it stands in excluded_reason or in the kind of an interaction
-- ordinal: the order; the first that excludes wins
-- effect: excludes or counts
-- words: its name as people say it of one meeting
-- description: what it says
-- number: the number from the config that it depends on, if any
-- weight: what it counts for, if it counts
-- meetings: how many meetings it decided; for log, follow_up and task, how often it was so. One
-- that counts with some guests and was declined by others is in both
with decided as (
    select
        occasions.excluded_reason as rule,
        count(*) as times
    from history.occasions
    where occasions.excluded_reason is not null
    group by occasions.excluded_reason
    union all
    select
        coalesce(interactions.excluded_reason, interactions.kind) as rule,
        -- a meeting of three guests is three interactions
        count(distinct interactions.meeting_id)
        + count(*) filter (where interactions.meeting_id is null) as times
    from history.interactions
    where interactions.excluded_reason is null or interactions.excluded_reason = 'person_declined'
    group by coalesce(interactions.excluded_reason, interactions.kind)
)

select
    rules.*,
    coalesce(decided.times, 0) as meetings
from history.rules
left join decided on rules.rule = decided.rule
