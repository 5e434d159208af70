-- One row per decision that the user wrote into one of our tasks, alone on a line.
-- uid: the task
-- owner_id: whose decision
-- person_id: the person it is about
-- verb: never, in_touch or every
-- every_days: the cadence, for every
-- decided_date: the day the task opened, the latest that can be known
with links as (
    select * from history.links
),

lines as (
    select
        links.uid,
        links.owner_id,
        links.person_id,
        links.opened_date,
        unnest(
            string_split(
                replace(lower(concat_ws(chr(10), links.title, links.notes)), chr(13), chr(10)),
                chr(10)
            )
        ) as line
    from links
    where links.person_id is not null
),

said as (
    select
        lines.*,
        trim(lines.line) as words,
        regexp_extract(
            trim(lines.line), '^every ([0-9]{1,3} |an? )?(day|week|month|quarter|year)s?$', 1
        ) as times,
        regexp_extract(
            trim(lines.line), '^every ([0-9]{1,3} |an? )?(day|week|month|quarter|year)s?$', 2
        ) as unit
    from lines
),

final as (
    select
        said.uid,
        said.owner_id,
        said.person_id,
        case
            when said.words = 'never' then 'never'
            when said.words = 'in touch' then 'in_touch'
            else 'every'
        end as verb,
        case
            when said.unit <> '' then least(
                round(
                    greatest(coalesce(try_cast(trim(said.times) as integer), 1), 1)
                    * case said.unit
                        when 'day' then 1.0::double
                        when 'week' then 7.0::double
                        when 'month' then 30.4375::double
                        when 'quarter' then 91.3125::double
                        else 365.25::double
                    end
                ),
                3653
            )::integer
        end as every_days,
        said.opened_date as decided_date
    from said
    where
        said.words in ('never', 'in touch')
        or said.unit <> ''
)

select * from final
