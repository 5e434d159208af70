-- One row per decision that the user wrote into one of our tasks, alone on a line.
-- key: uid, line_number
-- verb: never, in_touch or every
-- every_days: the cadence, for every
-- decided_at: when it was first seen there; the morning the task opened where that is not known
-- line_number: the line it stands in, from the title on: of several the last one holds
-- is_alone: the user wrote nothing else into the task
with texts as (
    select
        task_outcomes.uid,
        task_outcomes.owner_id,
        task_outcomes.person_id,
        coalesce(
            task_outcomes.heard_at,
            task_outcomes.opened_date::timestamp at time zone settings.time_zone
        ) as decided_at,
        (task_outcomes.heard_at at time zone settings.time_zone)::date as heard_date,
        task_outcomes.opened_date,
        string_split(
            lower(concat_ws(chr(10), task_outcomes.wrote_title, task_outcomes.wrote_notes)), chr(10)
        ) as own_lines,
        string_split(
            replace(
                lower(concat_ws(chr(10), task_outcomes.title, task_outcomes.notes)),
                chr(13),
                chr(10)
            ),
            chr(10)
        ) as all_lines
    from history.task_outcomes
    cross join raw.settings
    where task_outcomes.person_id is not null
),

lines as (
    select
        texts.*,
        unnest(texts.all_lines) as line,
        generate_subscripts(texts.all_lines, 1) as line_number
    from texts
),

said as (
    select
        lines.*,
        trim(lines.line) as words,
        -- pipeline/terminal/parse_durations.py has the same units
        regexp_extract(
            trim(lines.line),
            '^every ([0-9]{1,3} ?|an? |one )?'
            '(hours?|hrs?|h|days?|d|weeks?|wks?|w|months?|mos?|quarters?|q|years?|yrs?|y)$',
            ['times', 'unit']
        ) as span
    from lines
),

judged as (
    select
        said.*,
        said.words in ('never', 'in touch') or said.span.unit <> '' as is_decision
    from said
),

-- Lines of ours, and empty ones, are not the user's.
others as (
    select distinct judged.uid
    from judged
    where
        not judged.is_decision
        and judged.words <> ''
        and not list_contains(judged.own_lines, judged.words)
)

select
    judged.uid,
    judged.owner_id,
    judged.person_id,
    case
        when judged.words = 'never' then 'never'
        when judged.words = 'in touch' then 'in_touch'
        else 'every'
    end as verb,
    case
        when judged.span.unit <> '' then least(greatest(
            round(
                greatest(coalesce(try_cast(trim(judged.span.times) as integer), 1), 1)
                * case judged.span.unit[1]
                    when 'h' then 1.0::double / 24
                    when 'd' then 1.0::double
                    when 'w' then 7.0::double
                    when 'm' then 30.4375::double
                    when 'q' then 91.3125::double
                    else 365.25::double
                end
            ), 1
        ), 3653)::integer
    end as every_days,
    judged.decided_at,
    coalesce(judged.heard_date, judged.opened_date) as decided_date,
    judged.line_number,
    others.uid is null as is_alone
from judged
left join others using (uid)
where judged.is_decision
