"""Finding a person by part of a name, an e-mail or the id, and naming them in decisions."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connectors.errors import UsageError
from pipeline.book.decisions import Who
from pipeline.terminal.printing import ask
from pipeline.terminal.terminal_text import plain

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
    select * from {people} where not is_owner
),

names as (
    select person_id, display_name as name from persons
    union
    select person_id, unnest(names) as name from {records}
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
left join {ranks} as ranked on persons.person_id = ranked.person_id
order by ranked.strength_rank nulls last, persons.display_name, persons.person_id
"""
"""Ids and e-mails win over whole names, those over whole words, those over parts."""

KEYS = """
select unnest(record_keys)
from {records}
where person_id = $1
order by record_id
limit 20
"""


@dataclass(frozen=True, slots=True)
class Book:
    """The tables in which people are looked up."""

    people: str
    records: str
    ranks: str


PUBLISHED = Book("main.people", "main.records", "main.ties")
LAYERS = Book("identity.persons", "identity.known_records", "judgement.strengths")
"""Those at rest are here too."""


def find(connection: "duckdb.DuckDBPyConnection", text: str, book: Book = PUBLISHED) -> int:
    """The person_id that the text means; asks on a terminal when there are several.

    :raises UsageError: nobody, or several and nobody to ask.
    """
    if not text.strip():
        raise UsageError("Who do you mean?", "Give a part of the name, the e-mail or the id.")
    rows = matches(connection, text, book)
    if not rows:
        raise UsageError(
            f'Nobody in the book is called "{plain(text)}".',
            "Try a part of the name or the e-mail; everybody: "
            '`kithbook query "select display_name, emails from people order by all"`',
        )
    return int(rows[0][0]) if len(rows) == 1 else _choose(rows[:AT_MOST], len(rows), text)


def matches(
    connection: "duckdb.DuckDBPyConnection", text: str, book: Book = PUBLISHED
) -> list[tuple[Any, ...]]:
    """(person_id, name, e-mail, organization) of everybody whom the text means alike."""
    return connection.execute(_in(book, FIND), [text.strip()]).fetchall()


def is_muted(connection: "duckdb.DuckDBPyConnection", person_id: int) -> bool:
    """Whether the published book has no reminders about them."""
    muted = "select is_muted from main.people where person_id = $1"
    return connection.execute(muted, [person_id]).fetchone() == (True,)


def who(connection: "duckdb.DuckDBPyConnection", person_id: int, book: Book = PUBLISHED) -> Who:
    """How a decision names this person: by the keys of their records."""
    row = connection.execute(
        f"select display_name from {book.people} where person_id = $1", [person_id]
    ).fetchone()
    keys = connection.execute(_in(book, KEYS), [person_id]).fetchall()
    return Who(str(row[0]) if row else "", tuple(key[0] for key in keys))


def _in(book: Book, query: str) -> str:
    """The query with the tables of that book."""
    return query.format(people=book.people, records=book.records, ranks=book.ranks)


def _choose(rows: list[tuple[Any, ...]], count: int, text: str) -> int:
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
        raise UsageError("Nobody was chosen.", "Nothing was changed.")
    return int(str(rows[int(answer) - 1][0]))
