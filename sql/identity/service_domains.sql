-- One row per domain that sends bookings, tickets, invitations or lists: nobody there is a human.
-- key: domain
-- domain: the domain in lower case
-- sends: what comes from it
select
    word as domain,
    min(value) as sends
from raw.words
where list = 'service_domains'
group by word
