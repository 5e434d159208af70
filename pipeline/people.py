"""Finding a person by part of a name, an e-mail or the id, and naming them in decisions."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connectors.errors import UsageError
from pipeline.book.decisions import Who
from pipeline.book.queries import query
from pipeline.terminal.printing import ask
from pipeline.terminal.terminal_text import plain

if TYPE_CHECKING:
    import duckdb

AT_MOST = 15


@dataclass(frozen=True, slots=True)
class Book:
    """The tables in which people are looked up."""

    people: str
    records: str
    ranks: str


PUBLISHED = Book("main.people", "main.records", "main.ties")
LAYERS = Book("identity.persons", "identity.record_persons", "judgement.strengths")
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
    tables = [book.people, book.records, book.ranks]
    return connection.execute(query("people_find"), [text.strip(), *tables]).fetchall()


def is_muted(connection: "duckdb.DuckDBPyConnection", person_id: int) -> bool:
    """Whether the published book has no reminders about them."""
    muted = "select is_muted from main.people where person_id = $1"
    return connection.execute(muted, [person_id]).fetchone() == (True,)


def who(connection: "duckdb.DuckDBPyConnection", person_id: int, book: Book = PUBLISHED) -> Who:
    """How a decision names this person: by the keys of their records."""
    named = "select display_name from query_table($2) where person_id = $1"
    row = connection.execute(named, [person_id, book.people]).fetchone()
    keys = connection.execute(query("people_keys"), [person_id, book.records]).fetchall()
    return Who(str(row[0]) if row else "", tuple(key[0] for key in keys))


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
