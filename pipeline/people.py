"""Finding a person by part of a name, an e-mail or the id, and naming them in decisions."""

import sys
from typing import TYPE_CHECKING

from pipeline.decisions import Who
from pipeline.errors import UsageError
from pipeline.printing import ask
from pipeline.text import plain

if TYPE_CHECKING:
    import duckdb

AT_MOST = 15

FIND = """
with
wanted as (
    select
        lower(trim($1)) as text,
        string_split(
            trim(regexp_replace(strip_accents(lower($1)), '[^\\pL\\pN]+', ' ', 'g')), ' '
        ) as words
),

persons as (
    select * from identity.persons where not is_owner and ($2 or not is_resting)
),

names as (
    select person_id, display_name as name from persons
    union
    select record_persons.person_id, unnest(list_append(cards.nicknames, cards.full_name)) as name
    from staging.cards
    inner join identity.record_persons on cards.record_id = record_persons.record_id
    union
    select record_persons.person_id, unnest(attendees.names) as name
    from staging.attendees
    inner join identity.record_persons on attendees.record_id = record_persons.record_id
    union
    select record_persons.person_id, array_to_string(names.words, ' ') as name
    from identity.names
    inner join identity.record_persons on names.record_id = record_persons.record_id
),

spelt as (
    select
        person_id,
        strip_accents(lower(name)) as name,
        string_split(
            regexp_replace(strip_accents(lower(name)), '[^\\pL\\pN]+', ' ', 'g'), ' '
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
    from persons cross join wanted
),

closest as (
    select person_id, min(closeness) as closeness
    from matched
    where closeness is not null
    group by person_id
    qualify min(closeness) = min(min(closeness)) over ()
)

select persons.person_id, persons.display_name, persons.emails[1], persons.organization
from closest
inner join persons on closest.person_id = persons.person_id
left join judgement.strengths on persons.person_id = strengths.person_id
order by strengths.strength_rank nulls last, persons.display_name, persons.person_id
"""
"""Ids and e-mails win over whole names, those over whole words, those over parts."""

KEYS = """
select
    case record_ids.kind
        when 'email' then 'email ' || record_ids."key"
        else 'card ' || record_ids.source || ' ' || record_ids.collection || ' '
            || record_ids."key"
    end
from identity.record_persons
inner join raw.record_ids on record_persons.record_id = record_ids.record_id
where record_persons.person_id = $1
order by record_ids.record_id
limit 20
"""


def find(connection: "duckdb.DuckDBPyConnection", text: str, *, resting: bool = False) -> int:
    """The person_id that the text means; asks on a terminal when there are several.

    :param resting: people put to rest are meant too.
    :raises UsageError: nobody, or several and nobody to ask.
    """
    if not text.strip():
        raise UsageError("Who do you mean?", "Give a part of the name, the e-mail or the id.")
    rows = connection.execute(FIND, [text.strip(), resting]).fetchall()
    if not rows:
        raise UsageError(
            f'Nobody in the book is called "{plain(text)}".',
            "Try a part of the name or the e-mail; everybody: "
            '`kithbook query "select display_name, emails from people order by all"`',
        )
    return int(rows[0][0]) if len(rows) == 1 else _choose(rows[:AT_MOST], len(rows), text)


def who(connection: "duckdb.DuckDBPyConnection", person_id: int) -> Who:
    """How a decision names this person: by the keys of their records."""
    row = connection.execute(
        "select display_name from identity.persons where person_id = $1", [person_id]
    ).fetchone()
    keys = connection.execute(KEYS, [person_id]).fetchall()
    return Who(str(row[0]) if row else "", tuple(key[0] for key in keys))


def _choose(rows: list[tuple[object, ...]], count: int, text: str) -> int:
    lines = [
        f"  {number}  {plain(row[1])}  {plain(row[2])}  {plain(row[3])}  (id {row[0]})".rstrip()
        for number, row in enumerate(rows, 1)
    ]
    more = f"\n  … and {count - len(rows)} more" if count > len(rows) else ""
    listing = "\n".join(lines) + more
    if not sys.stdin.isatty():
        raise UsageError(
            f'"{plain(text)}" means {count} people:\n{listing}', "Give the e-mail or the id."
        )
    try:
        answer = ask(f'"{plain(text)}" means {count} people:\n{listing}\nWhich? ')
    except EOFError:
        answer = ""
    if not answer.isdecimal() or not 1 <= int(answer) <= len(rows):
        raise UsageError("None of them was chosen.", "Nothing was changed.")
    return int(str(rows[int(answer) - 1][0]))
