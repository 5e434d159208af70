-- A run never opens more follow-ups than open_at_most and per_week allow.
select
    settings.open_at_most,
    settings.per_week,
    count(*) as opening
from main.follow_ups
cross join raw.settings
where follow_ups.opens_now and follow_ups.kind not in ('birthday', 'introduction')
group by settings.open_at_most, settings.per_week
having count(*) > least(settings.open_at_most, settings.per_week)
