-- One row per title of a meeting without guests that names exactly one person; right or silent.
-- A name is taken only from a frame that says "in touch": an activity with a name, a name and the
-- owner, a full name alone. Whatever else a title may mean ("Mark deadline", "Ana's birthday",
-- "Lunch with Ana and Rui") names nobody. tests/golden/titles.csv has the cases.
-- key: title
-- title: the title as written
-- person_id: whom it names
with with_guests as (
    select distinct participations.meeting_id
    from history.participations
    where
        not participations.is_owner
        and participations.is_human
),

titles as (
    select distinct meetings.title
    from staging.meetings
    anti join with_guests on meetings.meeting_id = with_guests.meeting_id
    where
        meetings.title is not null
        and not meetings.is_gone
        and not meetings.is_all_day
        and length(meetings.title) <= 120
),

plain as (
    select
        titles.title,
        trim(
            regexp_replace(
                regexp_replace(
                    lower(strip_accents(titles.title)),
                    '[\x{2190}-\x{2BFF}\x{1F000}-\x{1FFFF}\x{FE0F}.!]+(\s|$)', ' ', 'g'
                ),
                '[\s\x{2190}-\x{2BFF}\x{1F000}-\x{1FFFF}\x{FE0F}]+', ' ', 'g'
            )
        ) as text
    from titles
),

-- Said of a person, but not a time spent with them.
spoken as (
    select plain.*
    from plain
    where not regexp_matches(
        plain.text,
        '\?|\b(birthday|b-?day|anniversary|wedding|funeral|deadline|due|cancel+ed|cancel|postponed'
        || '|rescheduled?|moved|declined|tentative|tbc|maybe|prep|prepare|preparation|reminder'
        || '|remind|gifts?|presents?|holidays?|vacation|ooo|out of office|on leave|flight|invoice'
        || '|dentist|doctor|dr|physio|therapy|therapist|haircut|appointment|school|practice|exam'
        || '|no|not|skip|without|instead|abgesagt|cancelado|cancelada|annule|annulee|verschoben'
        || '|geburtstag|aniversario|anniversaire|compleanno|cumpleanos|verjaardag)\b'
    )
),

-- (Once for all frames: each would take the titles apart anew.)
framed as materialized (
    select
        spoken.title,
        spoken.text,
        -- "Quick coffee with Ana Lima at Luso": what follows "with", up to where or what about
        regexp_replace(
            regexp_extract(
                spoken.text,
                '^(?:(?:quick|virtual|zoom|phone|video|intro|introductory|short|long|morning|late'
                || '|afternoon|evening|early|weekly|biweekly|bi-weekly|fortnightly|monthly|regular'
                || '|working|business|skype|annual|(?:mon|tues|wednes|thurs|fri|satur|sun)day) )*'
                || '(?:coffee|lunch|dinner|breakfast|brunch|supper|drinks?|beers?|tea|wine|pint'
                || '|climb(?:ing)?|bouldering|swim(?:ming)?|sail(?:ing)?|cycling|chess'
                || '|badminton|squash'
                || '|walk|hike|run|tennis|golf|call|catch[- ]?up|chat|sync|1[:-]1|1on1'
                || '|one[- ]on[- ]one|meeting|meet|meetup|facetime|skype|zoom|cinema|concert'
                || '|picnic|visit'
                || '|cafe|almoco|jantar|reuniao|chamada|conversa|comida|cena|almuerzo|llamada'
                || '|reunion|kaffee|mittagessen|abendessen|treffen|anruf|telefonat|spaziergang'
                || '|dejeuner|diner|appel|rdv|rendez-vous|verre|pranzo|aperitivo|chiamata|caffe'
                || '|koffie|borrel|eten|fika) (?:with|w/|w|mit|com|con|avec|met|c/|med) ?(.+)$',
                1
            ),
            '(\s*[@:(;|]| - | – | — | (at|in|re|about|on|over|em|no|na|en|chez|au|bei|im|zum) ).*$',
            ''
        ) as name_after_with,
        regexp_extract(spoken.text, '(\((and|with|\+|&|e|y|und|et) |,)', 1) <> '' as has_more,
        -- "Lunch: Ana Lima", "Call Ana"
        regexp_extract(
            spoken.text,
            '^(?:(?:quick|virtual|zoom|phone|video|intro|weekly|biweekly|monthly) )*'
            || '(?:coffee|lunch|dinner|breakfast|brunch|drinks|beer|tea|walk|call|catch[- ]?up|chat'
            || '|sync|1[:-]1|1on1|meet|visit|cafe|almoco|jantar|kaffee|mittagessen|abendessen'
            || '|treffen|dejeuner|pranzo|koffie)(?: ?[:/|–—-])? (.+)$',
            1
        ) as name_after_activity,
        -- "Ana Lima coffee", "Ana / weekly", "Ana 1:1"
        regexp_extract(
            spoken.text,
            '^(.+?)(?: ?(?:[:/|–—-]|<>|<->))? (?:quick |weekly |monthly |biweekly )*'
            || '(?:coffee|lunch|dinner|breakfast|brunch|drinks|tea|walk|call|catch[- ]?up|chat|sync'
            || '|1[:-]1|1on1|weekly|biweekly|bi-weekly|fortnightly|monthly|cafe|almoco|jantar'
            || '|kaffee|mittagessen|abendessen|treffen|dejeuner|pranzo|koffie)$',
            1
        ) as name_before_activity,
        regexp_extract(spoken.text, '^(.+?) ?(?:/|<>|<->|\||&|\+| x | and ) ?(.+)$', 1) as one_side,
        regexp_extract(spoken.text, '^(.+?) ?(?:/|<>|<->|\||&|\+| x | and ) ?(.+)$', 2)
            as other_side
    from spoken
),

owner_names as (
    select
        unnest(
            [
                'me',
                'ich',
                'eu',
                'yo',
                'moi',
                lower(strip_accents(persons.display_name)),
                split_part(lower(strip_accents(persons.display_name)), ' ', 1)
            ]
        ) as text
    from identity.persons
    where persons.is_owner
    union
    select 'me' as text
),

candidates as (
    select
        framed.title,
        unnest( -- noqa: AL03
            [
                {
                    'text': case when not framed.has_more then trim(framed.name_after_with) end,
                    'may_be_word': true
                },
                { 'text': trim(framed.name_after_activity), 'may_be_word': false },
                { 'text': trim(framed.name_before_activity), 'may_be_word': false },
                {
                    'text': case when contains(framed.text, ' ') then framed.text end,
                    'may_be_word': false
                }
            ],
            recursive := true
        )
    from framed
    union all
    select
        framed.title,
        trim(framed.one_side) as text,
        true as may_be_word
    from framed
    inner join owner_names on trim(framed.other_side) = owner_names.text
    union all
    select
        framed.title,
        trim(framed.other_side) as text,
        true as may_be_word
    from framed
    inner join owner_names on trim(framed.one_side) = owner_names.text
)

select
    candidates.title,
    min(unambiguous_names.person_id) as person_id
from candidates
inner join identity.unambiguous_names on candidates.text = unambiguous_names.text
where
    unambiguous_names.is_full
    or not unambiguous_names.is_word
    or candidates.may_be_word
group by candidates.title
having count(distinct unambiguous_names.person_id) = 1
