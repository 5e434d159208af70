-- How many cards and events each older import has, how many of them go on, and the share of which
-- something is said in the newer one.
-- on: state
select
    source,
    count(*) filter (where kind = 'contact') as cards,
    count(*) filter (where kind = 'event') as events,
    count(*) filter (where kind = 'contact' and goes_on) as cards_going_on,
    count(*) filter (where kind = 'event' and goes_on) as events_going_on,
    avg(is_said::integer) as share
from temp.compared
group by source
