-- One row per source and run of the last year: when it was read, what came of it, and what went
-- wrong.
-- key: run_id
-- run_id: a number, larger for later ones
-- source: the source, or the import
-- command: what was run; null for runs of earlier versions
-- started_at: when; UTC
-- ended_at: when the source was done; null where the run was broken off
-- seconds: how long that took
-- status: done, failed, or broken off
-- items_changed: cards, events and tasks that are new or changed
-- items_gone: those that are gone
-- items_rejected: those that could not be read
-- requests_made: requests that were sent, where the server counts them
-- requests_allowed: how many a run may send there
-- trouble: of what kind the trouble was: login, source or bug
-- error: the trouble in words
select
    runs.run_id,
    runs.source,
    runs.command,
    runs.started_at,
    runs.ended_at,
    datediff('millisecond', runs.started_at, runs.ended_at) / 1000 as seconds,
    case when runs.ended_at is null then 'broken off' else runs.status end as status,
    runs.items_changed,
    runs.items_gone,
    runs.items_rejected,
    runs.requests_made,
    runs.requests_allowed,
    runs.trouble,
    runs.error
from raw.runs
cross join raw.settings
where runs.started_at > settings.as_of - interval 1 year
