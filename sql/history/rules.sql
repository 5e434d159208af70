-- One row per rule that decides what counts as contact, in the order in which they are asked.
-- key: rule
-- rule: its name, as it stands in excluded_reason or in the kind of an interaction
-- ordinal: the order; the first that excludes wins
-- effect: excludes or counts
-- words: its name as people say it of one meeting
-- description: what it says
-- number: the number from the config that it depends on, if any
-- weight: what it counts for, if it counts
with rules (rule, ordinal, effect, description) as (
    values
    ('deleted', 1, 'excludes', 'It is gone from the calendar.'),
    ('same_meeting', 2, 'excludes', 'It is in the calendars twice (same UID and start).'),
    ('own_follow_up', 3, 'excludes', 'It is one of our own follow-ups.'),
    ('birthday', 4, 'excludes', 'A birthday does not count.'),
    ('working_location', 5, 'excludes', 'A place of work does not count.'),
    ('focus_time', 6, 'excludes', 'Time kept free does not count.'),
    ('out_of_office', 7, 'excludes', 'An absence does not count.'),
    ('holiday', 8, 'excludes', 'A holiday does not count.'),
    ('travel', 9, 'excludes', 'A journey does not count.'),
    ('all_day_block', 10, 'excludes', 'An all-day entry without guests does not count.'),
    ('cancelled', 11, 'excludes', 'It was cancelled.'),
    ('owner_declined', 12, 'excludes', 'You declined.'),
    ('owner_not_invited', 13, 'excludes', 'Others meet; it is only in your calendar.'),
    ('owner_tentative', 14, 'excludes', 'You said maybe.'),
    ('owner_not_answered', 15, 'excludes', 'You did not answer the invitation.'),
    ('too_many_people', 16, 'excludes', 'It has more people than max_attendees.'),
    ('nobody_named', 17, 'excludes', 'No guests, and the title does not name exactly one person.'),
    ('not_over', 18, 'excludes', 'It is still to come.'),
    ('person_declined', 19, 'excludes', 'The guest declined: no contact with them.'),
    ('meeting', 20, 'counts', 'A meeting, shared by the number of people in it.'),
    ('large_series', 21, 'counts', 'A meeting of a series of many people: weak evidence.'),
    ('title', 22, 'counts', 'A meeting without guests whose title names exactly one person.'),
    ('name', 23, 'counts', 'A guest without an address whose name exactly one person has.'),
    ('log', 24, 'counts', 'You noted it: kithbook log.'),
    ('follow_up', 25, 'counts', 'You ticked one of our follow-ups.'),
    ('task', 26, 'counts', 'You ticked a task of your own that names exactly one person.'),
    ('reply_kept', 27, 'counts', 'A reply once given stands, though the server took it back.'),
    ('not_answered', 28, 'counts', 'You two alone, by your invitation, which they never answered.')
),

names (rule, words) as (
    values
    ('deleted', 'gone from its source'),
    ('same_meeting', 'twice in the calendars'),
    ('own_follow_up', 'one of our own follow-ups'),
    ('birthday', 'a birthday'),
    ('working_location', 'a place of work'),
    ('focus_time', 'time kept free'),
    ('out_of_office', 'an absence'),
    ('holiday', 'a holiday'),
    ('travel', 'a journey'),
    ('all_day_block', 'an all-day entry without guests'),
    ('cancelled', 'cancelled'),
    ('owner_declined', 'you declined'),
    ('owner_not_invited', 'you were not invited'),
    ('owner_tentative', 'you said maybe'),
    ('owner_not_answered', 'not answered'),
    ('too_many_people', 'too many people'),
    ('nobody_named', 'nobody named'),
    ('not_over', 'still to come'),
    ('person_declined', 'declined'),
    ('meeting', 'meeting'),
    ('large_series', 'large meeting'),
    ('title', 'meeting, by its title'),
    ('name', 'meeting, by the name'),
    ('log', 'you noted it'),
    ('follow_up', 'ticked follow-up'),
    ('task', 'ticked task'),
    ('reply_kept', 'meeting, replied before'),
    ('not_answered', 'meeting, not answered by them')
)

select
    rules.rule,
    rules.ordinal,
    rules.effect,
    coalesce(names.words, replace(rules.rule, '_', ' ')) as words,
    rules.description,
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
left join names on rules.rule = names.rule
cross join raw.settings
