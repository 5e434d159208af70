-- One row: until when the last `pause` puts all reminders on hold; a day that has come when it is
-- over.
-- key: owner_id
-- paused_until: reminders come back on that day; null when there never was a pause
select
    settings.owner_id,
    arg_max(decisions.until_date, row(decisions.decided_at, decisions.decision_id)) as paused_until
from raw.settings
left join staging.decisions on decisions.verb = 'pause' and decisions.until_date is not null
group by settings.owner_id
