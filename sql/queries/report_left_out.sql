-- What the calendars hold and what of it did not count, by the rule that decided, most first.
-- on: book
select
    contact_rules.words,
    contact_rules.meetings,
    (select count(*) from main.meetings) as n_meetings,
    (
        select count(*) from main.meetings
        where meetings.excluded_reason is null
    ) as n_counted
from main.contact_rules
where contact_rules.effect = 'excludes' and contact_rules.meetings > 0
order by contact_rules.meetings desc, contact_rules.ordinal asc
