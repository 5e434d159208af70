-- The owner's addresses stand in hardly any meeting that has guests: most likely one is missing.
select
    'in ' || count(*) filter (where occasions.excluded_reason = 'owner_not_invited') || ' of '
    || count(*) || ' meetings with guests none of your addresses is invited' as problem,
    occasions.source as place,
    'add your other addresses to [owner.me] emails' as hint
from history.occasions
where
    occasions.n_others > 0
    and coalesce(occasions.excluded_reason, '') not in ('deleted', 'same_meeting')
group by occasions.source
having
    count(*) >= 20
    and count(*) filter (where occasions.excluded_reason = 'owner_not_invited') > count(*) / 2
