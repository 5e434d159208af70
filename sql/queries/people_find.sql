-- Whom a text means, the closest first: an id or an e-mail wins over a whole name, that over whole
-- words, these over parts. Only those are listed that nobody else is closer than.
-- $1: the text, $2: the table of people, $3: of their records, $4: of their ranks
-- on: book, layers
with
wanted as (
    select
        lower(trim($1)) as text,
        string_split(
            trim(regexp_replace(strip_accents(lower($1)), '[^\pL\pN]+', ' ', 'g')), ' '
        ) as words
),

persons as (
    select * from query_table($2)
    where not is_owner
),

names as (
    select
        person_id,
        display_name as name
    from persons
    union
    select
        person_id,
        unnest(names) as name
    from query_table($3)
),

spelt as (
    select
        person_id,
        strip_accents(lower(name)) as name,
        string_split(
            regexp_replace(strip_accents(lower(name)), '[^\pL\pN]+', ' ', 'g'), ' '
        ) as words
    from names
    where name is not null
),

matched as (
    select
        persons.person_id,
        case
            when persons.person_id = try_cast(wanted.text as bigint) then 1
            when list_contains(persons.emails, wanted.text) then 1
        end as closeness
    from persons cross join wanted
    union all
    select
        spelt.person_id,
        case
            when spelt.name = strip_accents(wanted.text) then 2
            when wanted.words <> [''] and list_has_all(spelt.words, wanted.words) then 3
            when contains(spelt.name, strip_accents(wanted.text)) then 4
        end as closeness
    from spelt cross join wanted
    union all
    select
        persons.person_id,
        case when contains(array_to_string(persons.emails, ' '), wanted.text) then 5 end
            as closeness
    from persons cross join wanted
),

closest as (
    select
        person_id,
        min(closeness) as closeness
    from matched
    where closeness is not null
    group by person_id
    qualify min(closeness) = min(min(closeness)) over ()
)

select
    persons.person_id,
    persons.display_name,
    persons.emails[1] as email,
    persons.organization
from closest
inner join persons on closest.person_id = persons.person_id
left join query_table($4) as ranked on persons.person_id = ranked.person_id
order by ranked.strength_rank nulls last, persons.display_name, persons.person_id
