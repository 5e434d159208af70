-- One row per rule that decides what counts as contact, in the order in which they are asked.
-- key: rule
-- rule: its name, as it stands in excluded_reason or in the kind of an interaction
-- ordinal: the order; the first that excludes wins
-- effect: excludes or counts
-- description: what it says
-- number: the number from the config that it depends on, if any
-- weight: what it counts for, if it counts
with settings as (
    select * from raw.settings
),

rules (rule, ordinal, effect, description) as (
    values
    ('deleted', 1, 'excludes', 'The source no longer has the event.'),
    ('same_meeting', 2, 'excludes', 'It stands in the calendars twice (UID and first start).'),
    ('own_follow_up', 3, 'excludes', 'It is one of our own follow-ups.'),
    ('birthday', 4, 'excludes', 'A birthday is no meeting.'),
    ('working_location', 5, 'excludes', 'Where the owner works is no meeting.'),
    ('focus_time', 6, 'excludes', 'Time kept free is no meeting.'),
    ('out_of_office', 7, 'excludes', 'An absence is no meeting.'),
    ('holiday', 8, 'excludes', 'A holiday is no meeting.'),
    ('travel', 9, 'excludes', 'A journey is no meeting.'),
    ('all_day_block', 10, 'excludes', 'An all-day entry without guests is no meeting.'),
    ('cancelled', 11, 'excludes', 'It was cancelled.'),
    ('owner_declined', 12, 'excludes', 'The owner declined.'),
    ('owner_not_invited', 13, 'excludes', 'Others meet; it only stands in the calendar.'),
    ('owner_tentative', 14, 'excludes', 'The owner said maybe.'),
    ('owner_not_answered', 15, 'excludes', 'An invitation that nobody answered is no contact.'),
    ('too_many_people', 16, 'excludes', 'More people than max_attendees.'),
    ('nobody_named', 17, 'excludes', 'No guests, and the title does not name exactly one person.'),
    ('not_over', 18, 'excludes', 'It is still to come.'),
    ('person_declined', 19, 'excludes', 'The person declined.'),
    ('meeting', 20, 'counts', 'A meeting, shared by the number of people in it.'),
    ('large_series', 21, 'counts', 'A meeting of a series of many people: weak evidence.'),
    ('title', 22, 'counts', 'A meeting without guests whose title names exactly one person.'),
    ('name', 23, 'counts', 'A guest without an address whose name exactly one person has.'),
    ('log', 24, 'counts', 'The owner said so: kithbook log.'),
    ('follow_up', 25, 'counts', 'The owner ticked one of our follow-ups.'),
    ('task', 26, 'counts', 'The owner ticked a task that does something for exactly one person.')
),

final as (
    select
        rules.rule,
        rules.ordinal,
        rules.effect,
        rules.description,
        case rules.rule
            when 'too_many_people' then settings.max_attendees
            when 'large_series' then settings.large_series_people
        end as number,
        case
            when rules.effect = 'excludes' then null
            when rules.rule = 'large_series' then settings.large_series_weight
            when rules.rule in ('title', 'name') then settings.title_only_weight
            else 1.0::double
        end as weight
    from rules
    cross join settings
)

select * from final
