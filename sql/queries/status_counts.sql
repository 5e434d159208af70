-- One row: how much the book holds, and when it was made.
-- on: book
select
    (
        select count(*) from main.people
        where not people.is_owner
    ) as people,
    (select count(*) from main.meetings) as meetings,
    (select count(*) from main.ties) as ties,
    (
        select count(*) from main.follow_ups
        where follow_ups.is_open
    ) as open_follow_ups,
    (
        select count(*) from main.follow_ups
        where follow_ups.opens_now
    ) as ready_follow_ups,
    (select count(*) from main.merge_candidates) as merge_candidates,
    (
        select count(*) from main.rejects
        where not rejects.is_warning
    ) as rejects,
    (select count(*) from main.problems) as problems,
    timezone('UTC', settings.as_of) as as_of,
    settings.time_zone
from main.settings
