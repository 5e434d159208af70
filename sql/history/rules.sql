-- One row per rule that decides what counts as contact, in the order in which they are asked.
-- key: rule
-- ordinal: the order; the first that excludes wins
-- words: its name as people say it of one meeting
-- description: what it says
-- number: the number from the config that it depends on, if any
-- weight: what it counts for, if it counts
with rules (rule, ordinal, effect, words, description) as (
    values
    ('deleted', 1, 'excludes', 'gone from its source', 'It is gone from the calendar.'),
    (
        'same_meeting', 2, 'excludes', 'twice in the calendars',
        'It is in the calendars twice (same UID and start).'
    ),
    (
        'own_follow_up', 3, 'excludes', 'one of our own follow-ups',
        'It is one of our own follow-ups.'
    ),
    ('birthday', 4, 'excludes', 'a birthday', 'A birthday does not count.'),
    ('working_location', 5, 'excludes', 'a place of work', 'A place of work does not count.'),
    ('focus_time', 6, 'excludes', 'time kept free', 'Time kept free does not count.'),
    ('out_of_office', 7, 'excludes', 'an absence', 'An absence does not count.'),
    ('holiday', 8, 'excludes', 'a holiday', 'A holiday does not count.'),
    ('travel', 9, 'excludes', 'a journey', 'A journey does not count.'),
    (
        'all_day_block', 10, 'excludes', 'an all-day entry without guests',
        'An all-day entry without guests does not count.'
    ),
    ('cancelled', 11, 'excludes', 'cancelled', 'It was cancelled.'),
    ('owner_declined', 12, 'excludes', 'you declined', 'You declined.'),
    (
        'owner_not_invited', 13, 'excludes', 'you were not invited',
        'Others meet; it is only in your calendar.'
    ),
    ('owner_tentative', 14, 'excludes', 'you said maybe', 'You said maybe.'),
    ('owner_not_answered', 15, 'excludes', 'not answered', 'You did not answer the invitation.'),
    (
        'too_many_people', 16, 'excludes', 'too many people',
        'It has more people than max_attendees.'
    ),
    (
        'nobody_named', 17, 'excludes', 'nobody named',
        'No guests, and the title does not say clearly who was met.'
    ),
    ('not_over', 18, 'excludes', 'still to come', 'It is still to come.'),
    ('person_declined', 19, 'excludes', 'declined', 'The guest declined: no contact with them.'),
    ('meeting', 20, 'counts', 'meeting', 'A meeting, shared by the number of people in it.'),
    (
        'large_series', 21, 'counts', 'large meeting',
        'A meeting of a series of many people: weak evidence.'
    ),
    (
        'title', 22, 'counts', 'meeting, by its title',
        'A meeting without guests whose title says who was met.'
    ),
    (
        'name', 23, 'counts', 'meeting, by the name',
        'A guest without an address whose name exactly one person has.'
    ),
    ('log', 24, 'counts', 'you noted it', 'You noted it: kithbook log.'),
    ('follow_up', 25, 'counts', 'ticked follow-up', 'You ticked one of our follow-ups.'),
    (
        'task', 26, 'counts', 'ticked task',
        'You ticked a task of your own that names exactly one person.'
    ),
    (
        'reply_kept', 27, 'counts', 'meeting, replied before',
        'A reply once given stands, though the server took it back.'
    ),
    (
        'not_answered', 28, 'counts', 'meeting, not answered by them',
        'You two alone, by your invitation, which they never answered.'
    )
)

select
    rules.*,
    case rules.rule
        when 'too_many_people' then settings.max_attendees
        when 'large_series' then settings.large_series_people
    end as number,
    case
        when rules.effect = 'excludes' then null
        when rules.rule = 'large_series' then settings.large_series_weight
        when rules.rule in ('title', 'name', 'not_answered') then settings.title_only_weight
        else 1.0::double
    end as weight
from rules
cross join raw.settings
