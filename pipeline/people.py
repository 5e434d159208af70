"""Finding a person by part of a name, an e-mail or the id, and naming them in decisions."""

import sys
from typing import TYPE_CHECKING

from pipeline.decisions import Who
from pipeline.errors import UsageError
from pipeline.text import plain

if TYPE_CHECKING:
    import duckdb

AT_MOST = 15

FIND = """
select people.person_id, people.display_name, people.emails[1], people.organization
from main.people
where
    not people.is_owner
    and (
        people.person_id = try_cast($1 as bigint)
        or list_contains(people.emails, lower($1))
        or contains(strip_accents(lower(people.display_name)), strip_accents(lower($1)))
        or len(list_filter(people.emails, lambda one: contains(one, lower($1)))) > 0
    )
order by
    people.person_id = try_cast($1 as bigint) desc nulls last,
    list_contains(people.emails, lower($1)) desc,
    strip_accents(lower(people.display_name)) = strip_accents(lower($1)) desc,
    people.display_name,
    people.person_id
"""

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


def find(connection: "duckdb.DuckDBPyConnection", text: str) -> int:
    """The person_id that the text means; asks on a terminal when there are several.

    :raises UsageError: nobody, or several and nobody to ask.
    """
    rows = connection.execute(FIND, [text.strip()]).fetchall()
    if not rows:
        raise UsageError(
            f'Nobody in the book is called "{plain(text)}".',
            "Try a part of the name or the e-mail; `kithbook query` looks at all of main.people.",
        )
    exact = [row for row in rows if _is_exactly(row, text.strip())]
    if len(rows) == 1 or len(exact) == 1:
        return int((exact or rows)[0][0])
    return _choose(rows[:AT_MOST], len(rows), text)


def who(connection: "duckdb.DuckDBPyConnection", person_id: int) -> Who:
    """How a decision names this person: by the keys of their records."""
    row = connection.execute(
        "select display_name from main.people where person_id = $1", [person_id]
    ).fetchone()
    keys = connection.execute(KEYS, [person_id]).fetchall()
    return Who(str(row[0]) if row else "", tuple(key[0] for key in keys))


def _is_exactly(row: tuple[object, ...], text: str) -> bool:
    return text in {str(row[0]), str(row[2])} or str(row[1]).casefold() == text.casefold()


def _choose(rows: list[tuple[object, ...]], count: int, text: str) -> int:
    lines = [
        f"  {number}  {plain(row[1])}  {plain(row[2])}  {plain(row[3])}  (id {row[0]})".rstrip()
        for number, row in enumerate(rows, 1)
    ]
    more = f"\n  … and {count - len(rows)} more" if count > len(rows) else ""
    listing = "\n".join(lines) + more
    if not sys.stdin.isatty():
        raise UsageError(
            f'"{plain(text)}" means {count} people:\n{listing}', "Say the e-mail or the id."
        )
    sys.stderr.write(f'"{plain(text)}" means {count} people:\n{listing}\nWhich? ')
    sys.stderr.flush()
    answer = sys.stdin.readline().strip()
    if not answer.isdigit() or not 1 <= int(answer) <= len(rows):
        raise UsageError("None of them was chosen.", "Nothing was changed.")
    return int(str(rows[int(answer) - 1][0]))
